#pragma once

// For the tests of this folder: a request that owns its buffers.

#include "core/http/message.h"

#include <string>
#include <vector>

namespace hone::caching::test {

class Asking {
public:
    explicit Asking(std::string target, std::vector<http::FieldView> fields = {},
                    std::string_view method = "GET")
        : m_target(std::move(target)), m_fields(std::move(fields)) {
        const std::string_view whole = m_target;
        const auto mark = whole.find('?');
        request = {.method = http::methodFrom(method),
                   .methodText = method,
                   .target = whole,
                   .path = whole.substr(0, mark),
                   .query = mark == whole.npos ? std::string_view() : whole.substr(mark + 1),
                   .fields = m_fields,
                   .peer = "192.0.2.1"};
    }
    Asking(const Asking&) = delete;
    Asking& operator=(const Asking&) = delete;

private:
    std::string m_target;
    std::vector<http::FieldView> m_fields;

public:
    http::Request request;
};

}  // namespace hone::caching::test
