#include "core/load/targets.h"

namespace hone::load {

namespace {

SampledAnswer fetch(net::Loop& loop, net::Client& client, const RequestStream::Shot& shot,
                    std::chrono::milliseconds timeout) {
    SampledAnswer out{.request = shot.request};
    client.send(shot.wire, shot.isHead, /*wantBody=*/true, timeout, [&](const net::Answer& answer) {
        out.status = answer.status;
        out.body = answer.status > 0 ? answer.body : answer.errorText;
        for (const auto& field : answer.fields)
            out.fields.emplace_back(field.name, field.value);
        loop.stop();
    });
    loop.run();
    return out;
}

}  // namespace

Result<std::vector<SampledAnswer>> sampleAnswers(const LoadPlan& plan, int perRequest, std::stop_token stop) {
    const auto set = RequestSet::compile(plan.workload, plan.baseUrl, plan.extraHeaders);
    if (!set)
        return fail(set.error());
    const auto targets = Targets::assume(*set, plan.workload);
    if (!targets)
        return fail(targets.error());
    const auto loop = net::Loop::create();
    std::vector<std::unique_ptr<net::Client>> clients;
    for (std::size_t i = 0; i < targets->size(); ++i)
        clients.push_back(targets->connect(*loop, i));
    RequestStream stream(*set, plan.workload.seed);
    std::vector<SampledAnswer> out;
    for (std::size_t i = 0; i < set->requests().size(); ++i) {
        const auto& request = set->requests()[i];
        // A request without variables is the same every time.
        const int count = request.isFixed ? std::min(perRequest, 1) : perRequest;
        for (int k = 0; request.isSafe && k < count && !stop.stop_requested(); ++k) {
            const auto shot = stream.next(i);
            std::string target = stream.target();
            out.push_back(fetch(*loop, *clients[shot.endpoint], shot, plan.workload.timeout));
            out.back().target = std::move(target);
        }
    }
    return out;
}

}  // namespace hone::load
