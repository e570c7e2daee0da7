#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace hone {

/// What a number means; decides parser ("64KiB", "250ms", "500/s"), formatter and form control.
enum class Unit { None, Count, Bytes, Milliseconds, Seconds, PerSecond, Percent };

/// A value of a parameter. Integers are int64, so `.initial = 100` is an integer and `.initial = 0.5` a real.
/// Choices and free text are strings.
using ParamValue = std::variant<bool, std::int64_t, double, std::string>;

/// One of the named values of a choice parameter.
struct Choice {
    std::string_view id;
    std::string_view label;
    std::string_view help = {};
};

/// A parameter described once: form, CLI, JSON, docs and export derive from it.
///
/// The type of `initial` is the type of the parameter; a string with `choices` is a choice. With a Unit of
/// Milliseconds, Seconds, Bytes or PerSecond the number is in that unit, and text may carry any unit of its
/// kind. Invariant: `initial` satisfies its own bounds (checked by the catalogue's contract test).
struct Param {
    std::string_view id;
    std::string_view label;
    std::string_view help;
    Unit unit = Unit::None;
    ParamValue initial = std::int64_t{0};
    double min = std::numeric_limits<double>::lowest();
    double max = std::numeric_limits<double>::max();
    std::span<const Choice> choices = {};
    /// The form shows this parameter only while another one has this value: {"mode", "cursor"}. Never affects
    /// validity.
    std::string_view onlyWhenParam = {};
    std::string_view onlyWhenValue = {};
    bool advanced = false;  ///< Folded away in forms.
};

/// "integer 1 … 1 000 000 (requests/s)", "one of gzip, br, zstd": for help texts and errors.
[[nodiscard]] std::string describeRange(const Param& param);

/// Reads `text` as a value of `param` (with units) and checks its bounds. Errors name the parameter and the
/// range.
[[nodiscard]] Result<ParamValue> parseValue(const Param& param, std::string_view text);

/// Checks type and bounds; integers are accepted where reals are expected.
[[nodiscard]] Result<ParamValue> checkValue(const Param& param, ParamValue value);

/// Text that parseValue reads back to the same value: "64KiB", "250ms", "true".
[[nodiscard]] std::string valueText(const Param& param, const ParamValue& value);

}  // namespace hone
