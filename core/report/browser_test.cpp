// What a browser makes of the HTML: nothing to complain about, nothing fetched, nothing executed.

#include "core/report/samples.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest>

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace hone;
using report::Format;
namespace samples = report::samples;

namespace {

/// A server that nobody should call.
class Outside {
public:
    Outside() {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        m_isListening = ::bind(m_fd, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                        ::listen(m_fd, 8) == 0 &&
                        ::getsockname(m_fd, reinterpret_cast<sockaddr*>(&address), &size) == 0;
        m_port = ntohs(address.sin_port);
    }
    ~Outside() { ::close(m_fd); }
    Outside(const Outside&) = delete;
    Outside& operator=(const Outside&) = delete;

    [[nodiscard]] bool isListening() const { return m_isListening; }
    [[nodiscard]] int port() const { return m_port; }
    [[nodiscard]] bool wasCalled() const {
        pollfd waiting{m_fd, POLLIN, 0};
        return ::poll(&waiting, 1, 0) > 0;
    }

private:
    int m_fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool m_isListening = false;
    int m_port = 0;
};

}  // namespace

class BrowserTest : public QObject {
    Q_OBJECT
    QString m_browser;
    QTemporaryDir m_dir;

    struct Seen {
        QString dom, log;
        bool ended = false;
    };
    Seen seen(const QString& page) {
        QProcess browser;
        browser.start(
            m_browser,
            {"--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
             "--disable-component-update", "--disable-sync", "--no-first-run", "--enable-logging=stderr",
             "--user-data-dir=" + m_dir.filePath("profile"), "--dump-dom", "file://" + page});
        Seen out;
        out.ended = browser.waitForFinished(120'000);
        out.dom = QString::fromUtf8(browser.readAllStandardOutput());
        out.log = QString::fromUtf8(browser.readAllStandardError());
        return out;
    }

private slots:
    void initTestCase() {
        for (const char* name : {"chromium", "chromium-browser", "google-chrome"})
            if (m_browser.isEmpty())
                m_browser = QStandardPaths::findExecutable(name);
        if (m_browser.isEmpty())
            QSKIP("no chromium: pages are not looked at by a browser");
    }

    void aHostilePageIsQuiet_data() {
        QTest::addColumn<int>("result");
        const char* names[] = {"run", "comparison", "attribution"};
        for (int i = 0; i < 3; ++i)
            QTest::newRow(names[i]) << i;
    }
    void aHostilePageIsQuiet() {
        QFETCH(int, result);
        const Outside outside;
        QVERIFY(outside.isListening());
        const auto url = QStringLiteral("http://127.0.0.1:%1/").arg(outside.port());
        const auto name = QStringLiteral(
                              "\"><img src=%1 onerror=document.title='taken'><script src=%1></script>"
                              "<style>@import url(%1)</style><link rel=stylesheet href=%1>")
                              .arg(url)
                              .toStdString();
        const auto page = result == 0
                              ? report::render(samples::run(name), Format::Html, samples::extras(name))
                          : result == 1 ? report::render(samples::comparison(name), Format::Html)
                                        : report::render(samples::attribution(name), Format::Html);
        const QString file = m_dir.filePath("page.html");
        QFile out(file);
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write(QByteArray::fromStdString(page));
        out.close();
        const auto got = seen(file);
        QVERIFY(got.ended);
        QVERIFY2(got.dom.contains("How it was measured"), qPrintable(got.log));
        QVERIFY2(!got.log.contains("CONSOLE"), qPrintable(got.log));
        QVERIFY(!got.dom.contains("<title>taken"));
        QVERIFY(!got.dom.contains("<script"));
        QVERIFY2(!outside.wasCalled(), "the page asked for something");
    }

    void aPageOfOursIsWellFormedForABrowserToo() {
        const QString file = m_dir.filePath("ours.html");
        QFile out(file);
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write(QByteArray::fromStdString(report::render(samples::run(), Format::Html)));
        out.close();
        const auto got = seen(file);
        QVERIFY(got.ended);
        QCOMPARE(got.dom.count("<svg"), 4);
        QCOMPARE(got.dom.count("<h1"), 1);
        QVERIFY2(!got.log.contains("CONSOLE"), qPrintable(got.log));
    }
};

QTEST_GUILESS_MAIN(BrowserTest)
#include "browser_test.moc"
