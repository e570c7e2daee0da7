#include "core/engine/toggle_def.h"
#include "core/toggles/advanced/advanced_state.h"
#include "toggles/advanced/doc.h"

namespace hone::toggles::advanced {
namespace {

const hone::Choice kTrainings[] = {
    {.id = "fast", .label = "Fast", .help = "One segment length that suits records; a fraction of a second."},
    {.id = "thorough", .label = "Thorough", .help = "Tries many segment lengths; seconds of CPU a table."},
};

const Param kParams[] = {
    {.id = "level",
     .label = "Level",
     .help = "Of zstd for content coded with a dictionary: 1 fast … 19 small.",
     .initial = 3,
     .min = 1,
     .max = 19},
    {.id = "dictionary",
     .label = "Trained dictionaries",
     .help = "Train one from each table's own answers, offer it by Link and code with it (dcz).",
     .initial = true},
    {.id = "dictionarySize",
     .label = "Dictionary size",
     .help = "At most; clients fetch it once.",
     .unit = Unit::Bytes,
     .initial = 65'536,
     .min = 1'024,
     .max = 1'048'576,
     .onlyWhenParam = "dictionary",
     .onlyWhenValue = "true"},
    {.id = "training",
     .label = "Training",
     .help = "How hard the most useful bytes are looked for, on a thread of its own.",
     .initial = "fast",
     .choices = kTrainings,
     .onlyWhenParam = "dictionary",
     .onlyWhenValue = "true",
     .advanced = true},
    {.id = "minSize",
     .label = "Smallest body",
     .help = "Bodies below this are not coded; the dictionary's name alone takes 40 bytes.",
     .unit = Unit::Bytes,
     .initial = 100,
     .min = 41,
     .max = 1'073'741'824,
     .advanced = true},
    {.id = "delta",
     .label = "Deltas",
     .help = "An answer may be the dictionary of the next one to the same URL: only what changed is sent.",
     .initial = true},
    {.id = "deltaMemory",
     .label = "Memory for deltas",
     .help = "Bytes of answers that are remembered; the least recently used are forgotten.",
     .unit = Unit::Bytes,
     .initial = 33'554'432,
     .min = 65'536,
     .max = 4'294'967'296,
     .onlyWhenParam = "delta",
     .onlyWhenValue = "true"},
    {.id = "deltaMin",
     .label = "Smallest answer for deltas",
     .help = "Shorter ones are not remembered.",
     .unit = Unit::Bytes,
     .initial = 1'024,
     .min = 41,
     .max = 1'073'741'824,
     .onlyWhenParam = "delta",
     .onlyWhenValue = "true",
     .advanced = true},
    {.id = "deltaFresh",
     .label = "Dictionary for",
     .help =
         "Cache-Control: max-age of such answers, unless a cache sets its own: a browser uses an answer as a "
         "dictionary only while it is fresh. Pages that poll sooner fetch with cache: \"no-cache\".",
     .unit = Unit::Seconds,
     .initial = 30,
     .min = 1,
     .max = 86'400,
     .onlyWhenParam = "delta",
     .onlyWhenValue = "true",
     .advanced = true},
    {.id = "columnar",
     .label = "Columnar lists",
     .help = "Lists as typed columns for clients whose Accept names application/vnd.hone.columnar.",
     .initial = true},
};

const engine::Counter kCounters[] = {
    {.id = "bytesSaved", .label = "Bytes saved by dictionaries and deltas", .unit = Unit::Bytes},
    {.id = "bytesOut", .label = "Bytes of answers coded with them", .unit = Unit::Bytes},
    {.id = "dictionaryAnswers", .label = "Answers coded with a trained dictionary"},
    {.id = "deltaAnswers", .label = "Answers coded with the answer before"},
    {.id = "unknownDictionaries", .label = "Dictionaries clients named that are not here"},
    {.id = "unshrunk", .label = "Answers too short to code or not shortened"},
    {.id = "columnarAnswers", .label = "Lists sent as columns"},
    {.id = "columnarBytes", .label = "Bytes of lists sent as columns", .unit = Unit::Bytes},
    {.id = "trainings", .label = "Dictionaries trained"},
    {.id = "keptBytes",
     .label = "Memory of answers remembered for deltas",
     .kind = engine::Counter::Level,
     .unit = Unit::Bytes},
};
static_assert(std::size(kCounters) == kCountCount);

constexpr std::string_view kPaths[] = {"/dictionaries/", "/columnar/"};

Result<std::shared_ptr<engine::State>> make(const engine::ToggleContext& context) {
    return std::make_shared<AdvancedState>(context.params, context.datasets);
}

}  // namespace

const engine::ToggleDef& def() {
    static const engine::ToggleDef kDef{
        .id = "advanced",
        .number = 18,
        .title = "Advanced compression",
        .summary = "Dictionaries trained from the data, deltas between polls, lists as typed columns.",
        .off = "Generic compression, if any: every answer says again what all of them have in common.",
        .why = "Answers of one table are mostly the same bytes, and both sides can have those beforehand.",
        .moves = "bytes per answer, most of all of short ones and of repeated polls",
        .costs =
            "CPU to code with a dictionary, memory for answers that may come again, a dictionary to fetch.",
        .group = engine::Group::Answer,
        .phases = engine::phaseBits({engine::Phase::Plan, engine::Phase::Encode, engine::Phase::Finish}),
        .params = kParams,
        .counters = kCounters,
        .figure = {.kind = engine::Figure::Share,
                   .part = "bytesSaved",
                   .rest = "bytesOut",
                   .label = "bytes saved"},
        .doc = kDoc,
        .paths = kPaths,
        .needsDatasets = true,
        .make = make};
    return kDef;
}

}  // namespace hone::toggles::advanced
