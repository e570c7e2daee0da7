#!/usr/bin/env bash
# Fuzzes with libFuzzer and both sanitizers.
#
#   tests/fuzz/run.sh [SECONDS] [TARGET…]    each target for SECONDS (60); all targets when none is named
#
# Starts from the kept corpus, writes what it learns to build/fuzz/found/TARGET (kept between runs) and an input that
# breaks something to build/fuzz/broken/TARGET-*. Put such an input into tests/fuzz/corpus/TARGET once it is fixed.
# Needs clang-19 and libclang-rt-19-dev. HONE_FUZZ_BUILD names another build directory.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

build=${HONE_FUZZ_BUILD:-build/fuzz}
seconds=${1:-60}
[ $# -gt 0 ] && shift
[[ $seconds =~ ^[1-9][0-9]*$ ]] || { echo "run.sh: seconds must be a whole number above 0, got \"$seconds\"" >&2; exit 2; }

known=$(cd tests/fuzz && ls ./*_fuzz.cpp | sed 's|^\./||; s|_fuzz\.cpp$||')
targets=("$@")
[ ${#targets[@]} -gt 0 ] || mapfile -t targets <<<"$known"
for target in "${targets[@]}"; do
    grep -qx -- "$target" <<<"$known" || { echo "run.sh: no target is called \"$target\"; known:" $known >&2; exit 2; }
done

[ -f "$build/build.ninja" ] || { mkdir -p "$build" && cmake --preset fuzz -B "$build" >"$build/configure.log" 2>&1 ||
    { cat "$build/configure.log" >&2; exit 3; }; }
cmake --build "$build" --target "${targets[@]/#/fuzz.}" -j "${HONE_JOBS:-$(nproc)}" || exit 3

mkdir -p "$build/broken"
failed=()
for target in "${targets[@]}"; do
    mkdir -p "$build/found/$target"
    dictionary=tests/fuzz/dictionaries/$target.dict
    log=$build/found/$target.log
    if "$build/fuzz/fuzz.$target" "$build/found/$target" "tests/fuzz/corpus/$target" -max_total_time="$seconds" \
        -max_len=4096 -timeout=10 -rss_limit_mb=2048 -dict="$dictionary" -print_final_stats=1 \
        -artifact_prefix="$build/broken/$target-" >"$log" 2>&1; then
        printf '%-16s %s inputs tried, %s in the corpus\n' "$target" \
            "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")" "$(ls "$build/found/$target" | wc -l)"
    else
        failed+=("$target")
        printf '%-16s BROKEN, see %s\n' "$target" "$log"
        grep -E 'does not hold|SUMMARY|runtime error|Test unit written' "$log" | sort -u | head -n 5 || true
    fi
done
[ ${#failed[@]} -eq 0 ] || { echo "run.sh: broken: ${failed[*]}" >&2; exit 1; }
