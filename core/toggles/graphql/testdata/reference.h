#pragma once

// For tests: graphql-js asked the same, and an API over a small shop.

#include "core/toggles/graphql/binding.h"
#include "core/toggles/graphql/page_request.h"

#include <nlohmann/json.hpp>

#include <QProcess>
#include <QProcessEnvironment>
#include <QTemporaryDir>

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

inline QProcessEnvironment nodeEnvironment() {
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert("NODE_PATH", "/usr/share/nodejs");
    return environment;
}

/// Debian's node with node-graphql is there.
inline bool hasGraphqlJs() {
    QProcess node;
    node.setProcessEnvironment(nodeEnvironment());
    node.start("node", {"-e", "require('graphql')"});
    return node.waitForFinished(60'000) && node.exitStatus() == QProcess::NormalExit && node.exitCode() == 0;
}

inline nlohmann::json askGraphqlJs(const nlohmann::json& question) {
    QProcess node;
    node.setProcessEnvironment(nodeEnvironment());
    node.start("node", {QString::fromStdString(dataPath("reference.js"))});
    node.write(QByteArray::fromStdString(question.dump()));
    node.closeWriteChannel();
    if (!node.waitForFinished(120'000) || node.exitCode() != 0)
        throw std::runtime_error("graphql-js: " + node.readAllStandardError().toStdString());
    return nlohmann::json::parse(node.readAllStandardOutput().toStdString());
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
        const std::filesystem::path file = folder.path().toStdString() + "/shop.db";
        if (auto made = data::generateShop(file, rows, 7); !made)
            throw std::runtime_error(made.error().line());
        dataset = *data::Dataset::open(file);
        datasets = {dataset};
        auto made = apiOf(datasets, {});
        if (!made)
            throw std::runtime_error(made.error().line());
        api = std::move(*made);
    }

    QTemporaryDir folder;
    std::shared_ptr<data::Dataset> dataset;
    std::vector<std::shared_ptr<data::Dataset>> datasets;
    Api api;
};

}  // namespace hone::toggles::graphql::test
