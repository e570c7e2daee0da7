#pragma once

#include "core/net/origin.h"

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

/// For tests of the origin client: a loop on a thread of its own, and a blocking way to ask.
namespace hone::net::testing {

/// What came for one request.
struct Heard {
    int status = 0;  ///< 0: no head came.
    std::vector<std::pair<std::string, std::string>> fields;
    std::string body;
    std::optional<std::uint64_t> length;
    std::optional<Error> error;
    bool isReused = false, isOver = false;
};

class OriginAsker {
public:
    explicit OriginAsker(OriginOptions options) : m_loop(Loop::create()) {
        m_loop->setSpin(Nanos(0));
        auto origin = Origin::create(*m_loop, std::move(options));
        if (origin)
            m_origin = std::move(*origin);
        else
            problem = origin.error();
        m_thread = std::thread([this] { m_loop->run(); });
    }
    ~OriginAsker() {
        m_loop->stop();
        m_thread.join();
        m_origin.reset();
    }
    OriginAsker(const OriginAsker&) = delete;
    OriginAsker& operator=(const OriginAsker&) = delete;

    /// Sends without waiting.
    std::shared_ptr<Heard> begin(OriginRequest request) {
        auto heard = std::make_shared<Heard>();
        m_loop->post([this, heard, request = std::move(request)]() mutable {
            calls.push_back(m_origin->send(std::move(request), std::make_unique<Taker>(*this, heard)));
        });
        return heard;
    }
    void waitFor(const Heard& heard) {
        std::unique_lock lock(m_mutex);
        m_came.wait(lock, [&] { return heard.isOver; });
    }
    Heard ask(OriginRequest request) {
        const auto heard = begin(std::move(request));
        waitFor(*heard);
        return *heard;
    }
    Heard get(std::string_view target = "/", bool mayRepeat = true) {
        return ask(
            {.wire = "GET " + std::string(target) + " HTTP/1.1\r\nHost: x\r\n\r\n", .mayRepeat = mayRepeat});
    }
    /// Runs on the loop and waits for it.
    void onLoop(std::function<void()> task) {
        bool isDone = false;
        m_loop->post([&] {
            task();
            const std::lock_guard lock(m_mutex);
            isDone = true;
            m_came.notify_all();
        });
        std::unique_lock lock(m_mutex);
        m_came.wait(lock, [&] { return isDone; });
    }
    OriginCounters counters() {
        OriginCounters now;
        onLoop([&] { now = m_origin->counters(); });
        return now;
    }

    std::optional<Error> problem;                    ///< Of create().
    std::vector<std::shared_ptr<OriginCall>> calls;  ///< Touched on the loop.
    std::function<void(const Heard&, OriginCall*)>
        onBody;  ///< On the loop, after each piece; set before asking.

private:
    class Taker final : public OriginReader {
    public:
        Taker(OriginAsker& asker, std::shared_ptr<Heard> heard) : m_asker(asker), m_heard(std::move(heard)) {}
        void head(const OriginHead& head) override {
            m_heard->status = head.status;
            m_heard->length = head.length;
            m_heard->isReused = head.isReused;
            for (const auto& [name, value] : head.fields)
                m_heard->fields.emplace_back(name, value);
        }
        void body(std::string_view bytes) override {
            m_heard->body += bytes;
            if (m_asker.onBody)
                m_asker.onBody(*m_heard, m_asker.calls.back().get());
        }
        void end() override { over(); }
        void failed(const Error& error) override {
            m_heard->error = error;
            over();
        }

    private:
        void over() {
            const std::lock_guard lock(m_asker.m_mutex);
            m_heard->isOver = true;
            m_asker.m_came.notify_all();
        }
        OriginAsker& m_asker;
        std::shared_ptr<Heard> m_heard;
    };

    std::unique_ptr<Loop> m_loop;
    std::unique_ptr<Origin> m_origin;
    std::mutex m_mutex;
    std::condition_variable m_came;
    std::thread m_thread;
};

}  // namespace hone::net::testing
