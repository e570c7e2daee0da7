#pragma once

/// core/engine for code that uses Qt: an Exchange has `slots`, which Qt's headers define away as a keyword.
/// Include this (or workspace.h) before anything else of core/engine or core/experiment.
#pragma push_macro("slots")
#undef slots
#include "core/engine/engine.h"
#pragma pop_macro("slots")
