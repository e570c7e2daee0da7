#pragma once

// For tests: graphql-js asked the same, and an API over a small shop.

#include "core/toggles/graphql/binding.h"
#include "core/toggles/graphql/page_request.h"

#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace hone::toggles::graphql::test {

inline std::string dataPath(std::string_view name) {
    return std::string(HONE_SOURCE_DIR "/core/toggles/graphql/testdata/").append(name);
}

inline std::string dataFile(std::string_view name) {
    std::ifstream in(dataPath(name));
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

/// A folder that goes with its owner.
class Folder {
public:
    Folder() {
        std::string pattern = std::filesystem::temp_directory_path() / "hone-graphql-XXXXXX";
        if (!mkdtemp(pattern.data()))
            throw std::runtime_error("no temporary folder");
        path = pattern;
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
    std::filesystem::path path;
};

inline constexpr const char* kNode = "NODE_PATH=/usr/share/nodejs node ";

/// Debian's node with node-graphql is there.
inline bool hasGraphqlJs() {
    return std::system((kNode + std::string("-e \"require('graphql')\" 2>/dev/null")).c_str()) == 0;
}

inline nlohmann::json askGraphqlJs(const nlohmann::json& question) {
    const Folder folder;
    const std::string asked = folder.path / "question.json", answered = folder.path / "answer.json";
    std::ofstream(asked) << question.dump();
    const std::string command = kNode + dataPath("reference.js") + " < " + asked + " > " + answered;
    if (std::system(command.c_str()) != 0)
        throw std::runtime_error("graphql-js failed: " + command);
    std::ifstream answer(answered);
    return nlohmann::json::parse(answer);
}

inline std::string_view fromName(From from) {
    switch (from) {
        case From::NodeId: return "NodeId";
        case From::ToOne: return "ToOne";
        case From::ToMany: return "ToMany";
        case From::Tables: return "Tables";
        case From::Node: return "Node";
        case From::Row: return "Row";
        case From::List: return "List";
        case From::Connection: return "Connection";
        default: return "";
    }
}

/// Rows and relations of the API, as reference.js takes them.
inline nlohmann::json describe(const Api& api) {
    nlohmann::json out{{"tables", nlohmann::json::array()}, {"fields", nlohmann::json::object()}};
    for (const TableBinding& table : api.tables) {
        auto session = *table.dataset->session({});
        std::string rows;
        data::writeJsonArray(*session->select({.table = table.table->name}), data::JsonStyle::Minified, rows);
        out["tables"].push_back({{"name", table.table->name},
                                 {"type", table.type->name},
                                 {"key", table.table->key},
                                 {"rows", nlohmann::json::parse(rows)}});
    }
    for (const auto& type : api.schema->types)
        for (const Field& field : type->fields) {
            const auto from = static_cast<From>(field.source.kind);
            if (fromName(from).empty())
                continue;
            nlohmann::json entry{{"from", fromName(from)}, {"table", field.source.table}};
            if (from == From::ToOne || from == From::ToMany) {
                const TableBinding& table = api.tables[static_cast<std::size_t>(field.source.table)];
                const Relation& relation = table.relations[static_cast<std::size_t>(field.source.index)];
                entry["target"] = relation.toTable;
                entry["own"] = table.fields[relation.fromColumn];
                entry["other"] = api.tables[relation.toTable].fields[relation.toColumn];
            }
            out["fields"][type->name + "." + field.name] = entry;
        }
    return out;
}

/// A shop of its own: it may be written to.
class Shop {
public:
    explicit Shop(std::int64_t rows = 1'000) {
        const std::filesystem::path file = folder.path / "shop.db";
        if (auto made = data::generateShop(file, rows, 7); !made)
            throw std::runtime_error(made.error().line());
        dataset = *data::Dataset::open(file);
        datasets = {dataset};
        auto made = apiOf(datasets, {});
        if (!made)
            throw std::runtime_error(made.error().line());
        api = std::move(*made);
    }

    Folder folder;
    std::shared_ptr<data::Dataset> dataset;
    std::vector<std::shared_ptr<data::Dataset>> datasets;
    Api api;
};

}  // namespace hone::toggles::graphql::test
