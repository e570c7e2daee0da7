// Reads application/vnd.hone.columnar, version 1, as Hone serves it (layout: /columnar/format.md).
//
//   import { decodeColumnar } from "/columnar/decoder.js";
//   const answer = await fetch("/api/products", { headers: { Accept: "application/vnd.hone.columnar" } });
//   const rows = decodeColumnar(new Uint8Array(await answer.arrayBuffer()));
//
// decodeColumns() gives a map of one array a column instead of one object a row. Integers beyond 2^53 become BigInt.

const INTEGER = 0, REAL = 1, BOOLEAN = 2, TEXT = 3, MIXED = 4;

class Input {
    constructor(bytes) {
        this.bytes = bytes;
        this.at = 0;
        this.text = new TextDecoder();
    }
    take(count) {
        if (this.at + count > this.bytes.length)
            throw new RangeError(`columnar content is cut short at byte ${this.bytes.length}`);
        this.at += count;
        return this.bytes.subarray(this.at - count, this.at);
    }
    byte() {
        return this.take(1)[0];
    }
    /** Exact up to 2^53; for lengths and counts. */
    varint() {
        let value = 0, factor = 1;
        for (;;) {
            const next = this.byte();
            value += (next & 0x7f) * factor;
            if (next < 0x80)
                return value;
            factor *= 128;
            if (factor > 2 ** 56)
                throw new RangeError("a number of columnar content is too long");
        }
    }
    /** A Number while it is small, else a BigInt. */
    zigzag() {
        let low = 0, factor = 1;
        const begin = this.at;
        for (let i = 0; i < 7; ++i) {
            const next = this.byte();
            low += (next & 0x7f) * factor;
            if (next < 0x80)
                return low % 2 ? -(low + 1) / 2 : low / 2;
            factor *= 128;
        }
        this.at = begin;
        let value = 0n;
        for (let shift = 0n; shift < 70n; shift += 7n) {
            const next = BigInt(this.byte());
            value |= (next & 0x7fn) << shift;
            if (next < 0x80n)
                return BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n));
        }
        throw new RangeError("a number of columnar content is too long");
    }
    double() {
        const eight = this.take(8);
        return new DataView(eight.buffer, eight.byteOffset, 8).getFloat64(0, true);
    }
    texts(count) {
        const lengths = Array.from({ length: count }, () => this.varint());
        return lengths.map((length) => this.text.decode(this.take(length)));
    }
}

const isSet = (bits, i) => (bits[i >> 3] >> (i & 7) & 1) === 1;
const smallest = (value) =>
    typeof value === "bigint" && BigInt(Number(value)) === value && Number.isSafeInteger(Number(value))
        ? Number(value) : value;

function integers(input, count) {
    const isDelta = input.byte() === 1;
    const values = [];
    let before = 0;
    for (let i = 0; i < count; ++i) {
        const next = input.zigzag();
        if (!isDelta)
            before = next;
        else if (typeof before === "number" && typeof next === "number" && Number.isSafeInteger(before + next))
            before += next;
        else
            before = smallest(BigInt.asIntN(64, BigInt(before) + BigInt(next)));
        values.push(smallest(before));
    }
    return values;
}

function reals(input, count) {
    if (input.byte() === 0)
        return Array.from({ length: count }, () => input.double());
    const power = 10 ** input.byte();
    return integers(input, count).map((value) => Number(value) / power);
}

function texts(input, count) {
    if (input.byte() === 0)
        return input.texts(count);
    const known = input.texts(input.varint());
    return Array.from({ length: count }, () => known[input.varint()]);
}

function booleans(input, count) {
    const bits = input.take((count + 7) >> 3);
    return Array.from({ length: count }, (_, i) => isSet(bits, i));
}

function mixed(input) {
    switch (input.byte()) {
        case INTEGER: return smallest(input.zigzag());
        case REAL: return input.double();
        case BOOLEAN: return input.byte() === 1;
        case TEXT: return input.texts(1)[0];
        default: throw new RangeError("a value of columnar content has no known type");
    }
}

function values(input, type, count) {
    switch (type) {
        case INTEGER: return integers(input, count);
        case REAL: return reals(input, count);
        case BOOLEAN: return booleans(input, count);
        case TEXT: return texts(input, count);
        case MIXED: return Array.from({ length: count }, () => mixed(input));
        default: throw new RangeError(`columnar type ${type} is not known`);
    }
}

function column(block, rowCount) {
    const input = new Input(block);
    const type = input.byte();
    if (input.byte() === 0)
        return values(input, type, rowCount);
    const nulls = input.take((rowCount + 7) >> 3);
    let nullCount = 0;
    for (let i = 0; i < rowCount; ++i)
        nullCount += isSet(nulls, i);
    const present = values(input, type, rowCount - nullCount);
    let at = 0;
    return Array.from({ length: rowCount }, (_, i) => (isSet(nulls, i) ? null : present[at++]));
}

/** { rowCount, columns: Map { name → [value, …] } } of a Uint8Array. */
export function decodeColumns(bytes) {
    const input = new Input(bytes);
    if (String.fromCharCode(...input.take(4)) !== "HCOL" || input.byte() !== 1)
        throw new RangeError("this is no columnar content of version 1");
    const rowCount = input.varint(), columnCount = input.varint(), columns = new Map();
    for (let i = 0; i < columnCount; ++i) {
        const name = input.texts(1)[0];
        columns.set(name, column(input.take(input.varint()), rowCount));
    }
    return { rowCount, columns };
}

/** [{ name: value, … }, …] of a Uint8Array. */
export function decodeColumnar(bytes) {
    const { rowCount, columns } = decodeColumns(bytes);
    return Array.from({ length: rowCount }, (_, i) => {
        const row = {};
        for (const [name, values] of columns)
            row[name] = values[i];
        return row;
    });
}
