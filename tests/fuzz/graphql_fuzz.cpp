// GraphQL documents and schemas: what is accepted validates without end or crash, and schemas print as they
// read.

#include "tests/fuzz/fuzz.h"

#include "core/toggles/graphql/lexer.h"
#include "core/toggles/graphql/parser.h"
#include "core/toggles/graphql/schema.h"
#include "core/toggles/graphql/validation.h"

using namespace hone;
using namespace hone::toggles::graphql;

namespace {

const Schema& schema() {
    static const auto kSchema = *schemaFromSdl(
        "interface N { id: ID! n: N } union U = A | B input I { a: Int = 1 b: [I!] }"
        "type A implements N { id: ID! n: N a(x: Int, i: I): String } type B implements N { id: ID! n: B b: "
        "[A!]! }"
        "type Query { a: A b: B n: N u: U } type Mutation { m(i: I!): A } type Subscription { s: A t: B }");
    return *kSchema;
}

void lex(std::string_view text) {
    Lexer lexer(text);
    std::size_t end = 0;
    for (;;) {
        const auto token = lexer.next();
        if (!token || token->kind == Token::End)
            return;
        FUZZ_CHECK(fuzz::isInside(token->text, text) && token->at >= end && token->end > token->at);
        end = token->end;
        if (token->kind == Token::String || token->kind == Token::BlockString)
            FUZZ_CHECK(lexer.decode(*token).has_value());
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    lex(text);
    const auto document = parse(text);
    if (!document) {
        FUZZ_CHECK(document.error().message.starts_with("Syntax Error") &&
                   document.error().locations.size() == 1);
        return 0;
    }
    FUZZ_CHECK(validate(schema(), **document).size() <= 100);
    if (const auto made = schemaFromSdl(text)) {
        const std::string printed = printSchema(**made);
        const auto again = schemaFromSdl(printed);
        FUZZ_CHECK(again && printSchema(**again) == printed);
    }
    return 0;
}
