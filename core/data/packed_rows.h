#pragma once

#include "core/data/rows.h"

#include <string>

/// Rows in the binary relatives of JSON: the same arrays, objects and values as writeJsonArray() writes, in
/// the shortest form of each. Numbers with a fraction take four bytes where that loses nothing, else eight.
/// Pure; thread: any.
namespace hone::data {

/// MessagePack (github.com/msgpack/msgpack, spec.md, with the str 8 type of 2013).
void writeMsgpackArray(const RowSet& rows, std::string& out);
void writeMsgpackObject(const RowSet& rows, std::size_t index, std::string& out);

/// CBOR (RFC 8949), definite lengths only, preferred serialisation (section 4.1) but for half-width floats.
void writeCborArray(const RowSet& rows, std::string& out);
void writeCborObject(const RowSet& rows, std::size_t index, std::string& out);

}  // namespace hone::data
