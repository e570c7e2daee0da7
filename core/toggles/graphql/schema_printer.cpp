#include "core/toggles/graphql/schema.h"

#include <fmt/format.h>

#include <algorithm>

namespace hone::toggles::graphql {
namespace {

bool isSpace(char c) { return c == ' ' || c == '\t'; }

std::vector<std::string_view> linesOf(std::string_view text) {
    std::vector<std::string_view> lines;
    for (std::size_t end = 0; end != text.npos; text.remove_prefix(end == text.npos ? 0 : end + 1)) {
        end = text.find('\n');
        lines.push_back(text.substr(0, end));
    }
    return lines;
}

/// What a block string cannot say: characters it may not hold, or white space it would strip.
bool fitsBlock(std::string_view text) {
    if (text.find_first_not_of(" \t\n") == text.npos)
        return false;
    for (const char c : text)
        if ((static_cast<unsigned char>(c) < ' ' && c != '\t' && c != '\n') || c == '\x7f')
            return false;
    const auto lines = linesOf(text);
    if (lines.front().find_first_not_of(" \t") == std::string_view::npos ||
        lines.back().find_first_not_of(" \t") == std::string_view::npos)
        return false;
    return lines.size() == 1 || !isSpace(lines.front().front()) ||
           std::ranges::any_of(lines, [](auto line) { return !line.empty() && !isSpace(line.front()); });
}

std::string blockString(std::string_view text) {
    std::string escaped;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text.substr(i).starts_with("\"\"\"")) {
            escaped += "\\\"\"\"";
            i += 2;
        } else {
            escaped += text[i];
        }
    }
    const auto lines = linesOf(escaped);
    const bool forceLeading = lines.size() > 1 && std::all_of(lines.begin() + 1, lines.end(), [](auto line) {
                                  return line.empty() || isSpace(line.front());
                              });
    const bool endsTriple = escaped.ends_with("\\\"\"\"");
    const bool forceTrailing = (text.ends_with('"') && !endsTriple) || text.ends_with('\\');
    const bool multiple = lines.size() > 1 || text.size() > 70 || forceTrailing || forceLeading || endsTriple;
    const bool skipLeading = lines.size() == 1 && !text.empty() && isSpace(text.front());
    return fmt::format("\"\"\"{}{}{}\"\"\"", (multiple && !skipLeading) || forceLeading ? "\n" : "", escaped,
                       multiple ? "\n" : "");
}

std::string describe(const std::string& description, std::string_view indent, bool isFirst) {
    if (description.empty())
        return "";
    const std::string text = fitsBlock(description) ? blockString(description) : printString(description);
    std::string out(!indent.empty() && !isFirst ? "\n" : "");
    out += indent;
    for (const char c : text) {
        out += c;
        if (c == '\n')
            out += indent;
    }
    return out + "\n";
}

std::string deprecated(const std::optional<std::string>& reason) {
    if (!reason)
        return "";
    return *reason == "No longer supported" ? " @deprecated"
                                            : fmt::format(" @deprecated(reason: {})", printString(*reason));
}

std::string inputText(const InputValue& input) {
    return fmt::format("{}: {}{}{}", input.name, input.type.text(),
                       input.initial ? " = " + printValue(*input.initial) : "",
                       deprecated(input.deprecation));
}

std::string argumentsText(const std::vector<InputValue>& arguments, std::string_view indent) {
    if (arguments.empty())
        return "";
    std::string out = "(";
    if (std::ranges::all_of(arguments, [](const auto& each) { return each.description.empty(); })) {
        for (const InputValue& each : arguments)
            out += (out.size() > 1 ? ", " : "") + inputText(each);
        return out + ")";
    }
    const std::string inner = std::string(indent) + "  ";
    for (const InputValue& each : arguments)
        out += "\n" + describe(each.description, inner, &each == arguments.data()) + inner + inputText(each);
    return out + "\n" + std::string(indent) + ")";
}

template <class Items, class Print>
std::string block(const Items& items, Print&& print) {
    if (items.empty())
        return "";
    std::string out = " {\n";
    for (const auto& item : items)
        out += describe(item.description, "  ", &item == items.data()) + "  " + print(item) + "\n";
    return out + "}";
}

std::string implements(const Type& type) {
    std::string out;
    for (const Type* interface : type.interfaces)
        out += (out.empty() ? " implements " : " & ") + interface->name;
    return out;
}

std::string membersText(const Type& type) {
    std::string out;
    for (const Type* member : type.members)
        out += (out.empty() ? " = " : " | ") + member->name;
    return out;
}

std::string typeText(const Type& type) {
    const auto field = [](const Field& each) {
        return fmt::format("{}{}: {}{}", each.name, argumentsText(each.arguments, "  "), each.type.text(),
                           deprecated(each.deprecation));
    };
    const std::string head = describe(type.description, "", true);
    switch (type.kind) {
        case Type::Scalar:
            return fmt::format("{}scalar {}{}", head, type.name,
                               type.specifiedBy
                                   ? fmt::format(" @specifiedBy(url: {})", printString(*type.specifiedBy))
                                   : "");
        case Type::Object: return head + "type " + type.name + implements(type) + block(type.fields, field);
        case Type::Interface:
            return head + "interface " + type.name + implements(type) + block(type.fields, field);
        case Type::Union: return head + "union " + type.name + membersText(type);
        case Type::Enum:
            return head + "enum " + type.name + block(type.values, [](const EnumValue& value) {
                       return value.name + deprecated(value.deprecation);
                   });
        case Type::Input: return head + "input " + type.name + block(type.inputs, inputText);
    }
    return "";
}

std::string directiveText(const DirectiveType& directive) {
    std::string out = describe(directive.description, "", true) + "directive @" + directive.name +
                      argumentsText(directive.arguments, "") + (directive.repeatable ? " repeatable" : "") +
                      " on ";
    for (const std::string& location : directive.locations)
        out += (&location == directive.locations.data() ? "" : " | ") + location;
    return out;
}

}  // namespace

std::string printString(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        switch (c) {
            case '"': out += "\\\""; break;
            case '\\': out += "\\\\"; break;
            case '\b': out += "\\b"; break;
            case '\f': out += "\\f"; break;
            case '\n': out += "\\n"; break;
            case '\r': out += "\\r"; break;
            case '\t': out += "\\t"; break;
            default:
                if (static_cast<unsigned char>(c) < ' ' || c == '\x7f')
                    out += fmt::format("\\u{:04X}", static_cast<unsigned char>(c));
                else
                    out += c;
        }
    }
    return out + "\"";
}

std::string printValue(const Value& value) {
    switch (value.kind) {
        case Value::Variable: return "$" + value.text;
        case Value::String: return printString(value.text);
        case Value::Null: return "null";
        case Value::List:
        case Value::Object: break;
        default: return value.text;
    }
    std::string out;
    for (std::size_t i = 0; i < value.items.size(); ++i) {
        out += i == 0 ? "" : ", ";
        if (value.kind == Value::Object)
            out.append(value.names[i].text).append(": ");
        out += printValue(value.items[i]);
    }
    return value.kind == Value::List ? "[" + out + "]" : "{" + out + "}";
}

std::string printSchema(const Schema& schema) {
    std::string out;
    const auto add = [&](const std::string& text) { out += (out.empty() ? "" : "\n\n") + text; };
    const auto usual = [](const Type* root, std::string_view name) { return !root || root->name == name; };
    if (!schema.description.empty() || !usual(schema.query, "Query") || !usual(schema.mutation, "Mutation") ||
        !usual(schema.subscription, "Subscription")) {
        std::string roots = describe(schema.description, "", true) + "schema {\n";
        for (const auto& [word, root] : {std::pair{"query", schema.query},
                                         {"mutation", schema.mutation},
                                         {"subscription", schema.subscription}})
            if (root)
                roots += fmt::format("  {}: {}\n", word, root->name);
        add(roots + "}");
    }
    for (const DirectiveType& directive : schema.directives)
        if (!directive.builtIn)
            add(directiveText(directive));
    for (const auto& type : schema.types)
        if (!type->builtIn)
            add(typeText(*type));
    return out;
}

}  // namespace hone::toggles::graphql
