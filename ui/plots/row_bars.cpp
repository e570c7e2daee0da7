#include "ui/plots/row_bars.h"

#include "ui/format/format.h"
#include "ui/plots/data_table.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace hone::ui::plots {

namespace {

constexpr int kTitleHeight = 26, kRowMost = 30, kBarMost = 14;

constexpr Role kRoles[] = {Role::Series1, Role::Series2, Role::Series3, Role::Series4, Role::Series5};

BarRow shareRow(const QString& label, double share, const QString& words, const QString& toolTip, Role role) {
    return {label, words, toolTip, 0, share, role, Quantity::Share};
}

}  // namespace

std::vector<BarRow> phaseRows(const model::RunResult& run) {
    std::vector<BarRow> rows;
    if (run.requests == 0 || run.ttfb.count() == 0)
        return rows;
    double at = 0;
    const auto add = [&](const QString& label, double us, const QString& toolTip) {
        if (us < 0.05)
            return;
        rows.push_back({label, micros(us), toolTip, at, at + us, kRoles[rows.size() % std::size(kRoles)]});
        at += us;
    };
    const auto requests = static_cast<double>(run.requests);
    const auto perRequest = [requests](const stats::Histogram& h) {
        return h.count() > 0 ? h.mean() * static_cast<double>(h.count()) / requests : 0;
    };
    const bool isOpen = run.lateness.count() > 0;
    add(QObject::tr("Late send"), isOpen ? run.lateness.mean() : 0,
        QObject::tr("From when the request was due to when it was sent"));
    add(QObject::tr("Connect"), perRequest(run.connect),
        QObject::tr("TCP, %1 connections shared out over all requests").arg(run.connect.count()));
    add(QObject::tr("TLS"), perRequest(run.tls),
        QObject::tr("Handshakes, %1 shared out over all requests").arg(run.tls.count()));
    add(QObject::tr("First byte"), std::max(0.0, run.ttfb.mean()),
        QObject::tr("From the send to the first byte of the answer"));
    // What is left of the whole; latency begins at the send, after which no connection is opened.
    add(QObject::tr("Rest of answer"),
        run.latency.mean() - (isOpen ? run.lateness.mean() : 0) - run.ttfb.mean(),
        QObject::tr("From the first byte to the last"));
    return rows;
}

std::vector<BarRow> ledgerRows(const model::RunResult& run) {
    std::vector<BarRow> rows;
    if (run.engineCpuUsPerRequest > 0 && run.ttfb.count() > 0 && run.ttfb.mean() > 0) {
        const double share = run.engineCpuUsPerRequest / run.ttfb.mean();
        rows.push_back(shareRow(QObject::tr("Engine CPU"), std::min(1.0, share),
                                QObject::tr("%1 a request").arg(micros(run.engineCpuUsPerRequest)),
                                QObject::tr("As a share of the mean time to the first byte"), Role::Series1));
    }
    for (const auto& [id, hits] : run.counters) {
        if (!id.ends_with(".hits"))
            continue;
        const auto misses = run.counters.find(id.substr(0, id.size() - 4) + "misses");
        const double asked = hits + (misses != run.counters.end() ? misses->second : 0);
        if (misses != run.counters.end() && asked > 0)
            rows.push_back(shareRow(QObject::tr("Hits: %1").arg(text(id.substr(0, id.size() - 5))),
                                    hits / asked, percent(hits / asked),
                                    QObject::tr("%1 of %2 look-ups").arg(count(hits), count(asked)),
                                    Role::Series3));
    }
    for (const model::RequestResult& request : run.byRequest) {
        if (request.requests == 0 || run.wireBytes == 0)
            continue;
        const double share = static_cast<double>(request.bytes) / static_cast<double>(run.wireBytes);
        rows.push_back(shareRow(
            QObject::tr("Bytes: %1").arg(text(request.name)), share,
            QObject::tr("%1 each · %2")
                .arg(bytes(static_cast<double>(request.bytes) / static_cast<double>(request.requests)),
                     percent(share)),
            QObject::tr("Share of all bytes on the wire"), Role::Series2));
    }
    return rows;
}

RowBars::RowBars(const QString& title, const QString& placeholder, QWidget* parent)
    : QWidget(parent), m_title(title), m_placeholder(placeholder) {
    setAccessibleName(title);
    setAccessibleDescription(placeholder);
    setFocusPolicy(Qt::StrongFocus);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void RowBars::setRows(std::vector<BarRow> rows) {
    m_rows = std::move(rows);
    QStringList words;
    for (const BarRow& row : m_rows)
        words << row.label + QStringLiteral(": ") + row.text;
    setAccessibleDescription(words.isEmpty() ? m_placeholder : words.join(QStringLiteral("; ")));
    update();
}

ChartBase::Table RowBars::table() const {
    const Quantity quantity = m_rows.empty() ? Quantity::Micros : m_rows.front().quantity;
    ChartBase::Table table{{QStringLiteral("from"), QStringLiteral("to"), QStringLiteral("length")},
                           {},
                           {quantity, quantity, quantity}};
    for (const BarRow& row : m_rows) {
        table.rows << QList<double>{row.from, row.to, row.to - row.from};
        table.names << row.label;
    }
    return table;
}

QRectF RowBars::rowRect(std::size_t row) const {
    const double height = std::min<double>(
        kRowMost, (this->height() - kTitleHeight) / std::max(1.0, static_cast<double>(m_rows.size())));
    return {0, kTitleHeight + height * static_cast<double>(row), static_cast<double>(width()) - 10, height};
}

void RowBars::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(ui::font(FontRole::Label));
    painter.setPen(color(hasFocus() ? Role::Accent : Role::Muted));
    painter.drawText(QRect(0, 0, width(), 20), Qt::AlignLeft | Qt::AlignVCenter, m_title);
    painter.setFont(ui::font(FontRole::Small));
    if (m_rows.empty()) {
        painter.setPen(color(Role::Muted));
        painter.drawText(rect(), Qt::AlignCenter | Qt::TextWordWrap, m_placeholder);
        return;
    }
    const QFontMetrics metrics(ui::font(FontRole::Small));
    int labels = 0, texts = 0;
    double end = 0;
    for (const BarRow& row : m_rows) {
        labels = std::max(labels, metrics.horizontalAdvance(row.label));
        texts = std::max(texts, metrics.horizontalAdvance(row.text));
        end = std::max(end, row.quantity == Quantity::Share ? 1.0 : row.to);
    }
    labels = std::min(labels, width() * 2 / 5);
    const double left = labels + 10, room = std::max(20.0, width() - 20 - left - texts - 8);
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const BarRow& row = m_rows[i];
        const QRectF area = rowRect(i);
        const double thick = std::min<double>(kBarMost, area.height() - 4);
        const QRectF track(left, area.center().y() - thick / 2, room, thick);
        painter.fillRect(track, color(Role::Hover));
        const double scale = end > 0 ? room / end : 0;
        const auto draw = [&](const BarRow::Piece& piece, double gap) {
            painter.fillRect(QRectF(left + scale * piece.from, track.top(),
                                    std::max(1.5, scale * (piece.to - piece.from) - gap), thick),
                             color(piece.role));
        };
        if (row.pieces.empty())
            draw({row.from, row.to, row.role}, 0);
        for (const BarRow::Piece& piece : row.pieces)
            draw(piece, 1);  // Neighbours are told apart without colour.
        painter.setPen(color(Role::Muted));
        painter.drawText(QRectF(0, area.top(), labels, area.height()), Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(row.label, Qt::ElideMiddle, labels));
        painter.setPen(color(Role::Text));
        painter.drawText(QRectF(left + room + 8, area.top(), texts + 4, area.height()),
                         Qt::AlignLeft | Qt::AlignVCenter, row.text);
    }
}

bool RowBars::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        for (std::size_t i = 0; i < m_rows.size(); ++i)
            if (rowRect(i).contains(help->pos()))
                QToolTip::showText(help->globalPos(),
                                   m_rows[i].label + QStringLiteral(": ") + m_rows[i].text +
                                       QLatin1Char('\n') + m_rows[i].toolTip,
                                   this);
        return true;
    }
    return QWidget::event(event);
}

void RowBars::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Copy))
        QGuiApplication::clipboard()->setPixmap(grab());
    else if (event->key() == Qt::Key_T && event->modifiers() == Qt::NoModifier)
        showDataTable(m_title, table(), this);
    else
        QWidget::keyPressEvent(event);
}

}  // namespace hone::ui::plots
