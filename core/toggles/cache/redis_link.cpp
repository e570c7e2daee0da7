#include "core/toggles/cache/backend_link.h"

#include <hiredis/hiredis.h>

#include <algorithm>
#include <cerrno>
#include <vector>

namespace hone::toggles::cache {
namespace {

timeval asTimeval(std::chrono::milliseconds time) {
    return {.tv_sec = time.count() / 1000, .tv_usec = (time.count() % 1000) * 1000};
}

struct FreeContext {
    void operator()(redisContext* context) const { redisFree(context); }
};
struct FreeReply {
    void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using Reply = std::unique_ptr<redisReply, FreeReply>;

/// hiredis, synchronous.
class RedisLink final : public BackendLink {
public:
    explicit RedisLink(LinkOptions options) : m_options(std::move(options)) {}

    Result<std::optional<std::string>> get(const std::string& key) override {
        auto reply = command({"GET", key});
        if (!reply)
            return fail(std::move(reply.error()));
        if ((*reply)->type != REDIS_REPLY_STRING)
            return std::nullopt;
        return std::string((*reply)->str, (*reply)->len);
    }

    Result<bool> set(const std::string& key, const std::string& value,
                     std::chrono::seconds keptFor) override {
        auto reply =
            command({"SET", key, value, "EX", std::to_string(std::max<std::int64_t>(keptFor.count(), 1))});
        if (!reply)
            return fail(std::move(reply.error()));
        return true;
    }

    Result<> erase(const std::string& key) override {
        auto reply = command({"DEL", key});
        if (!reply)
            return fail(std::move(reply.error()));
        return {};
    }

private:
    Result<> connect() {
        if (m_context)
            return {};
        const auto& address = m_options.address;
        const auto within = asTimeval(m_options.connectTimeout);
        m_context.reset(address.port == 0
                            ? redisConnectUnixWithTimeout(address.host.c_str(), within)
                            : redisConnectWithTimeout(address.host.c_str(), address.port, within));
        if (!m_context)
            return fail(Error::ResourceExhausted, "no memory for a connection");
        if (m_context->err)
            return broken();
        redisSetTimeout(m_context.get(), asTimeval(m_options.timeout));
        return {};
    }

    /// With lengths, so that keys and values may hold anything.
    Result<Reply> command(const std::vector<std::string>& words) {
        if (auto connected = connect(); !connected)
            return fail(std::move(connected.error()));
        std::vector<const char*> texts;
        std::vector<std::size_t> lengths;
        for (const auto& word : words) {
            texts.push_back(word.data());
            lengths.push_back(word.size());
        }
        Reply reply(static_cast<redisReply*>(
            redisCommandArgv(m_context.get(), static_cast<int>(words.size()), texts.data(), lengths.data())));
        if (!reply)
            return broken();
        if (reply->type == REDIS_REPLY_ERROR)
            return fail(Error::Unavailable, "{}", std::string_view(reply->str, reply->len));
        return reply;
    }

    /// After an error a context cannot be used again (hiredis, "Error handling").
    Failure broken() {
        const auto context = std::move(m_context);
        const bool isLate = context->err == REDIS_ERR_IO && (errno == EAGAIN || errno == ETIMEDOUT);
        if (isLate)
            return fail(Error::Timeout, "no answer in time");
        return fail(Error::Unavailable, "{}", context->errstr);
    }

    const LinkOptions m_options;
    std::unique_ptr<redisContext, FreeContext> m_context;
};

}  // namespace

std::unique_ptr<BackendLink> makeRedisLink(const LinkOptions& options) {
    return std::make_unique<RedisLink>(options);
}

}  // namespace hone::toggles::cache
