#include "core/coding/dictionary_training.h"

#define ZDICT_STATIC_LINKING_ONLY  // the trainers with parameters; stable since 1.4
#include <zdict.h>

#include <vector>

namespace hone::coding {
namespace {

constexpr std::size_t kFewestSamples = 8;  // below, COVER has no two halves to compare
constexpr std::size_t kShortest = 64;      // less cannot pay for the 40 bytes that name it

}  // namespace

Result<std::string> trainDictionary(std::span<const std::string> samples, const TrainingOptions& options) {
    if (samples.size() < kFewestSamples)
        return fail(Error::InvalidArgument, "{} samples are too few to train a dictionary from",
                    samples.size())
            .hint("At least 8 are needed, hundreds are better.");
    std::string all;
    std::vector<std::size_t> sizes;
    for (const auto& sample : samples) {
        all += sample;
        sizes.push_back(sample.size());
    }
    std::string out(options.size, '\0');
    const auto count = static_cast<unsigned>(sizes.size());
    std::size_t made = 0;
    if (options.thorough) {
        ZDICT_cover_params_t parameters{};
        parameters.d = 8;
        parameters.steps = 10;
        parameters.splitPoint = 0.8;
        made = ZDICT_optimizeTrainFromBuffer_cover(out.data(), out.size(), all.data(), sizes.data(), count,
                                                   &parameters);
    } else {
        ZDICT_fastCover_params_t parameters{};
        parameters.k = 512;  // a record or two: segments long enough to hold member names and their order
        parameters.d = 8;
        parameters.f = 20;
        parameters.accel = 1;
        made = ZDICT_trainFromBuffer_fastCover(out.data(), out.size(), all.data(), sizes.data(), count,
                                               parameters);
    }
    if (ZDICT_isError(made))
        return fail(Error::InvalidArgument, "no dictionary can be trained from {} samples of {} bytes: {}",
                    samples.size(), all.size(), ZDICT_getErrorName(made))
            .hint("More or more varied samples, or a smaller dictionary, may do.");
    const auto header = ZDICT_getDictHeaderSize(out.data(), made);
    if (ZDICT_isError(header))
        return fail(Error::Internal, "the trained dictionary has no header: {}", ZDICT_getErrorName(header));
    if (made - header < kShortest)
        return fail(Error::InvalidArgument, "{} samples of {} bytes have too little in common",
                    samples.size(), all.size())
            .hint("More or longer samples may do.");
    return out.substr(header, made - header);
}

}  // namespace hone::coding
