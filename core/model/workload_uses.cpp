#include "core/model/workload_uses.h"

#include <algorithm>

namespace hone::model {
namespace {

/// Looks whether every {{name}} of a request can have a value when it is sent.
class UseCheck {
public:
    explicit UseCheck(const Workload& workload) : m_workload(workload) {}

    Result<> run() {
        for (std::size_t i = 0; i < m_workload.requests.size(); ++i) {
            const WorkloadRequest& request = m_workload.requests[i];
            const std::string where = fmt::format("requests[{}]", i);
            check(request.url, where + ".url");
            check(request.body, where + ".body");
            for (const auto& [name, value] : request.headers)
                check(value, where + ".headers." + name);
            for (const auto& extraction : request.extract)
                take(extraction.name, where + ".extract." + extraction.name);
        }
        return m_result;
    }

private:
    void refuse(Failure failure) {
        if (m_result)
            m_result = std::move(failure);
    }
    void take(const std::string& name, const std::string& where) {
        if (m_workload.variables.contains(name))
            refuse(fail(Error::InvalidArgument, "{} has the name of one of the \"variables\"", where));
        else if (m_workload.order != Order::Sequence)
            refuse(
                fail(Error::InvalidArgument, "{} is taken from an answer, but load.order is weighted", where)
                    .hint("Add \"order\": \"sequence\" to \"load\": then each client sends all "
                          "requests one after another."));
        m_taken.push_back(name);
    }
    [[nodiscard]] bool knows(std::string_view name) const {
        if (std::ranges::find(m_taken, name) != m_taken.end())
            return true;
        const auto whole = m_workload.variables.find(name);
        if (whole != m_workload.variables.end())
            return whole->second.file.empty();
        const auto table = m_workload.variables.find(name.substr(0, name.find('.')));
        return name.contains('.') && table != m_workload.variables.end() && !table->second.file.empty();
    }
    [[nodiscard]] std::string known() const {
        std::string out;
        for (const auto& [id, variable] : m_workload.variables)
            out += (out.empty() ? "" : ", ") + id + (variable.file.empty() ? "" : ".<column>");
        for (const auto& name : m_taken)
            out += (out.empty() ? "" : ", ") + name;
        return out.empty() ? "none" : out;
    }
    void check(std::string_view text, const std::string& where) {
        for (auto at = text.find("{{"); at != std::string_view::npos; at = text.find("{{", at)) {
            const auto end = text.find("}}", at);
            if (end == std::string_view::npos)
                return;  // JSON bodies may hold "{{"
            std::string_view name = text.substr(at + 2, end - at - 2);
            while (name.starts_with(' '))
                name.remove_prefix(1);
            while (name.ends_with(' '))
                name.remove_suffix(1);
            if (!knows(name))
                return refuse(fail(Error::InvalidArgument, "{}, column {}: nothing defines {{{{{}}}}} here",
                                   where, at + 1, name)
                                  .hint("Known: {}. Define it under \"variables\", or \"extract\" "
                                        "it from an earlier answer.",
                                        known()));
            at = end + 2;
        }
    }

    const Workload& m_workload;
    Result<> m_result;
    std::vector<std::string> m_taken;  ///< From the answers of the requests looked at so far.
};

}  // namespace

Result<> checkUses(const Workload& workload) { return UseCheck(workload).run(); }

}  // namespace hone::model
