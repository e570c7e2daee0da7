#pragma once

#include "core/toggles/graphql/schema.h"

namespace hone::toggles::graphql {

/// Turns definitions into a Schema in two steps: every name first, then what refers to them.
///
/// Thread: one; for one schema. Errors: the first, Malformed with its line and column.
class SchemaBuilder {
public:
    /// Documents that are added must stay; the schema sees to that.
    void keep(std::vector<std::shared_ptr<const Document>> documents) {
        m_schema->documents = std::move(documents);
    }
    Result<> add(const Document& document, bool builtIn);
    Result<std::shared_ptr<Schema>> finish();

private:
    Result<> declare(const Document& document, const Definition& definition, bool builtIn);
    Result<> fill(const Document& document, const Definition& definition);
    Result<> fillRoots(const Document& document, const Definition& definition);
    Result<> fillFields(const Document& document, const Definition& definition, Type& type);
    Result<> fillInputs(const Document& document, const std::vector<InputDefinition>& from,
                        std::vector<InputValue>& into);
    Result<TypeRef> resolve(const Document& document, const TypeNode& node) const;
    Result<> checkInterface(const Type& type, const Type& interface) const;

    std::shared_ptr<Schema> m_schema = std::make_shared<Schema>();
};

/// The specification's own types and directives in the language of schemas (sections 3.5, 3.13 and 4.2).
[[nodiscard]] std::string_view builtInSdl();

}  // namespace hone::toggles::graphql
