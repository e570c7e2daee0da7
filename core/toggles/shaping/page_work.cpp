#include "core/toggles/shaping/page_work.h"

#include <fmt/format.h>

namespace hone::toggles::shaping {

Result<data::Session*> SideSession::get() {
    if (m_session)
        return m_session.get();
    auto opened = m_exchange.route.dataset->session(m_exchange.access);
    if (!opened)
        return fail(std::move(opened.error()));
    m_session = std::move(*opened);
    m_before = m_session->stats();
    return m_session.get();
}

SideSession::~SideSession() {
    auto& sql = m_exchange.sql;
    if (m_session) {
        const data::SqlStats after = m_session->stats();
        sql.statements += after.statements - m_before.statements;
        sql.rowsRead += after.rowsRead - m_before.rowsRead;
        m_exchange.route.dataset->release(std::move(m_session));
    }
    if (sql.statements > 0)
        m_exchange.note("sql", Nanos(0),
                        fmt::format("{} statement{}", sql.statements, sql.statements == 1 ? "" : "s"));
}

}  // namespace hone::toggles::shaping
