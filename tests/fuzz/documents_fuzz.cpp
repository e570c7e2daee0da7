// Documents of a workspace: what is read as JSON or YAML is written and read back; a model's JSON gives the
// same model.

#include "tests/fuzz/fuzz.h"

#include "core/model/document.h"
#include "core/model/profile.h"
#include "core/model/survey.h"
#include "core/model/threshold.h"
#include "core/model/workload.h"

using namespace hone;
using nlohmann::json;

namespace {

/// What toJson() says is a fixed point: reading it changes nothing.
template <class Model>
void model(const json& document) {
    const auto read = Model::fromJson(document);
    if (!read) {
        FUZZ_CHECK(!read.error().what.empty());
        return;
    }
    const json written = read->toJson();
    const auto again = Model::fromJson(written);
    FUZZ_CHECK(again.has_value());
    FUZZ_CHECK(again->toJson() == written);
}

void documents(std::string_view text, bool preferYaml) {
    const auto document = model::parseDocument(text, "input", preferYaml);
    if (!document) {
        FUZZ_CHECK(document.error().what.contains("input"));
        return;
    }
    // YAML may bring text that is not UTF-8; it is written with U+FFFD for what is none.
    const std::string dumped = document->dump(-1, ' ', false, json::error_handler_t::replace);
    const auto again = model::parseDocument(dumped, "again");
    FUZZ_CHECK(again && *again == json::parse(dumped));
    model<model::Profile>(*document);
    model<model::Workload>(*document);
    model<model::SurveyAnswer>(*document);
    const auto survey = model::Survey::fromJson("id", *document);
    FUZZ_CHECK(survey || !survey.error().what.empty());
}

void thresholds(std::string_view text) {
    const auto threshold = model::parseThreshold(text);
    if (!threshold) {
        FUZZ_CHECK(threshold.error().code == Error::InvalidArgument && !threshold.error().what.empty());
        return;
    }
    const auto again = model::parseThreshold(threshold->text);
    FUZZ_CHECK(again && again->figure == threshold->figure && again->limit == threshold->limit &&
               again->op == threshold->op && again->request == threshold->request);
    FUZZ_CHECK(!threshold->figureText().empty() && !threshold->opText().empty());
    FUZZ_CHECK(!threshold->valueText(threshold->limit).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Input input(data, size);
    const bool preferYaml = (input.byte() & 1) != 0;
    documents(input.rest(), preferYaml);
    thresholds(input.rest());
    return 0;
}
