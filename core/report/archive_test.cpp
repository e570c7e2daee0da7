// Archives come from anybody: what is refused, and that nothing else is.

#include "core/report/archive.h"

#include <QtTest>

#include <archive.h>
#include <archive_entry.h>

using namespace hone;
using report::Files;

namespace {

struct Member {
    std::string name, content;
    int type = AE_IFREG;
    std::string link;
};

/// An archive as another program might write it, checked by nobody.
std::string foreign(const std::vector<Member>& members, bool tar = false) {
    std::string bytes(8 << 20, '\0');
    std::size_t used = 0;
    archive* a = archive_write_new();
    if (tar)
        archive_write_set_format_pax(a);
    else
        archive_write_set_format_zip(a);
    archive_write_set_bytes_per_block(a, 0);
    archive_write_open_memory(a, bytes.data(), bytes.size(), &used);
    for (const auto& member : members) {
        archive_entry* entry = archive_entry_new();
        archive_entry_set_pathname(entry, member.name.c_str());
        archive_entry_set_filetype(entry, static_cast<unsigned>(member.type));
        archive_entry_set_perm(entry, 0644);
        if (!member.link.empty())
            archive_entry_set_symlink(entry, member.link.c_str());
        archive_entry_set_size(entry, static_cast<la_int64_t>(member.content.size()));
        archive_write_header(a, entry);
        if (!member.content.empty())
            archive_write_data(a, member.content.data(), member.content.size());
        archive_entry_free(entry);
    }
    archive_write_close(a);
    archive_write_free(a);
    bytes.resize(used);
    return bytes;
}

void isRefused(const std::string& bytes, Error::Code code, std::string_view mentions) {
    const auto got = report::unpack(bytes);
    QVERIFY(!got.has_value());
    QCOMPARE(got.error().code, code);
    QVERIFY2(got.error().what.find(mentions) != std::string::npos, got.error().what.c_str());
    QVERIFY(!got.error().hint.empty());
}

}  // namespace

class ArchiveTest : public QObject {
    Q_OBJECT
private slots:
    void whatIsPackedComesBackAndTheSameFilesGiveTheSameBytes() {
        const Files files{{"a.json", "{}"}, {"profiles/b.json", std::string(100'000, 'x')}, {"empty", ""}};
        const auto bytes = report::pack(files, 1'700'000'000);
        QVERIFY2(bytes.has_value(), bytes ? "" : bytes.error().what.c_str());
        QVERIFY(bytes->starts_with("PK"));
        QVERIFY(bytes->size() < 5'000);
        QCOMPARE(*report::unpack(*bytes), files);
        QCOMPARE(*report::pack(files, 1'700'000'000), *bytes);
    }

    void hostileNamesAreRefused_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("mentions");
        QTest::newRow("parent") << "../evil" << "leaves the archive";
        QTest::newRow("parent inside") << "a/../../evil" << "leaves the archive";
        QTest::newRow("absolute") << "/etc/passwd" << "absolute";
        QTest::newRow("drive") << "C:evil" << "absolute";
        QTest::newRow("backslash") << "a\\..\\evil" << "is refused";
        QTest::newRow("control") << "a\x1b[2J" << "control character";
        QTest::newRow("dot") << "a/./b" << "leaves the archive";
        QTest::newRow("long") << QString(300, 'x') << "too long";
    }
    void hostileNamesAreRefused() {
        QFETCH(QString, name);
        QFETCH(QString, mentions);
        isRefused(foreign({{name.toStdString(), "x"}}), Error::Malformed, mentions.toStdString());
        QVERIFY(!report::pack({{name.toStdString(), "x"}}, 0).has_value());
    }

    void onlyPlainFilesMayBeInIt() {
        isRefused(foreign({{"link", "", AE_IFLNK, "/etc/passwd"}}), Error::Malformed, "only plain files");
        isRefused(foreign({{"folder/", "", AE_IFDIR}}), Error::Malformed, "only plain files");
    }

    void aNameMayComeOnlyOnce() {
        isRefused(foreign({{"a", "1"}, {"a", "2"}}), Error::Malformed, "comes twice");
    }

    void sizesAreCountedNotBelieved() {
        const auto bomb =
            report::pack({{"a", std::string(4 << 20, '\0')}, {"b", std::string(4 << 20, '\0')}}, 0);
        QVERIFY(bomb.has_value() && bomb->size() < 20'000);
        const auto tooLarge = report::unpack(*bomb, {.entryBytes = 1 << 20});
        QVERIFY(!tooLarge.has_value());
        QCOMPARE(tooLarge.error().code, Error::ResourceExhausted);
        const auto together = report::unpack(*bomb, {.totalBytes = 5 << 20});
        QVERIFY(!together.has_value());
        QCOMPARE(together.error().code, Error::ResourceExhausted);
        const auto many = report::unpack(*bomb, {.entries = 1});
        QVERIFY(!many.has_value());
        QCOMPARE(many.error().code, Error::ResourceExhausted);
        QVERIFY(report::unpack(*bomb).has_value());
    }

    void anotherFormatOrADamagedFileIsRefused() {
        QVERIFY(!report::unpack(foreign({{"a", "1"}}, true)).has_value());
        QVERIFY(!report::unpack("not an archive at all").has_value());
        QVERIFY(!report::unpack("").has_value());
        std::string content;
        for (int i = 0; i < 20'000; ++i)
            content += std::to_string(i * 7919);
        const auto whole = *report::pack({{"a", content}}, 0);
        for (const auto size : {whole.size() - 1, whole.size() / 2, std::size_t{40}})
            QVERIFY(!report::unpack(std::string_view(whole).substr(0, size)).has_value());
        auto flipped = whole;
        flipped[whole.size() / 2] = static_cast<char>(flipped[whole.size() / 2] ^ 0x55);
        QVERIFY(!report::unpack(flipped).has_value());
    }

    void digestsAreThoseOfTheStandard() {
        QCOMPARE(report::sha256Hex("abc"),
                 std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    }
};

QTEST_GUILESS_MAIN(ArchiveTest)
#include "archive_test.moc"
