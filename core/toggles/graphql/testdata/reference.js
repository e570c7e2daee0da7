// What graphql-js says: reads one JSON request from standard input, answers JSON. Run with NODE_PATH set.
'use strict';
const g = require('graphql');
const ask = JSON.parse(require('fs').readFileSync(0, 'utf8'));

function validate({sdl, documents}) {
    const schema = g.buildSchema(sdl);
    return documents.map((text) => {
        try {
            return g.validate(schema, g.parse(text)).map((error) => error.message);
        } catch (error) {
            return [error.message];
        }
    });
}

function introspection({sdl, result}) {
    const client = g.buildClientSchema(result);
    return {client: g.printSchema(client), printed: g.printSchema(g.buildSchema(sdl))};
}

const base64url = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

// Resolvers over rows in memory, one at a time, with the order and pages of the specification of connections.
function resolvers({tables, fields}) {
    const compare = (a, b) => a === b ? 0 : a === null ? -1 : b === null ? 1
        : typeof a === 'string' ? Buffer.compare(Buffer.from(a), Buffer.from(b)) : a < b ? -1 : 1;
    const tests = {
        eq: (a, b) => a === b, ne: (a, b) => a !== b, lt: (a, b) => a !== null && compare(a, b) < 0,
        lte: (a, b) => a !== null && compare(a, b) <= 0, gt: (a, b) => a !== null && compare(a, b) > 0,
        gte: (a, b) => a !== null && compare(a, b) >= 0, in: (a, b) => b.includes(a),
        isNull: (a, b) => (a === null) === b, startsWith: (a, b) => a !== null && a.startsWith(b),
    };
    function select(table, args) {
        const order = (args.orderBy || []).map((name) => ({
            column: name.replace(/_(ASC|DESC)$/, ''), down: name.endsWith('_DESC')}));
        const total = order.some((o) => o.column === table.key) ? order
            : [...order, {column: table.key, down: order.length > 0 && order[order.length - 1].down}];
        const rows = table.rows.filter((row) => Object.entries(args.filter || {}).every(([column, conditions]) =>
            Object.entries(conditions).every(([name, value]) => tests[name](row[column], value))));
        rows.sort((a, b) => {
            for (const {column, down} of total) {
                const c = compare(a[column], b[column]);
                if (c) return down ? -c : c;
            }
            return 0;
        });
        const label = table.type + order.map((o) => ` ${o.column}${o.down ? ' desc' : ''}`).join('');
        const cursor = (row) => base64url([label, ...total.map((o) => row[o.column] === null ? '\0' : String(row[o.column]))]);
        return {rows, cursor};
    }
    function connection(table, args) {
        const {rows, cursor} = select(table, args);
        let from = 0, to = rows.length;
        if (args.after != null) from = rows.findIndex((row) => cursor(row) === args.after) + 1;
        if (args.before != null) to = rows.findIndex((row) => cursor(row) === args.before);
        let page = rows.slice(from, Math.max(from, to)), next = args.before != null && to < rows.length, previous = args.after != null;
        const first = args.first ?? (args.last == null ? 50 : null);
        if (first != null && page.length > first) { page = page.slice(0, first); next = true; }
        if (args.last != null && page.length > args.last) { page = page.slice(page.length - args.last); previous = true; }
        return {
            totalCount: rows.length, nodes: page, edges: page.map((node) => ({cursor: cursor(node), node})),
            pageInfo: {hasNextPage: next, hasPreviousPage: previous, startCursor: page.length ? cursor(page[0]) : null,
                endCursor: page.length ? cursor(page[page.length - 1]) : null},
        };
    }
    const sized = (args) => {
        for (const name of ['first', 'last'])
            if (args[name] != null && (args[name] < 0 || args[name] > 500))
                throw new Error(`${name} must be from 0 to 500, got ${args[name]}`);
    };
    return (source, args, context, info) => {
        const field = fields[`${info.parentType.name}.${info.fieldName}`];
        if (!field) return source[info.fieldName];
        const table = tables[field.table], target = field.target === undefined ? table : tables[field.target];
        switch (field.from) {
            case 'Tables': return tables.map((each) => each.name);
            case 'NodeId': return base64url([table.type, String(source[table.key])]);
            case 'Row': return table.rows.find((row) => String(row[table.key]) === String(args[table.key])) || null;
            case 'List': return select(table, args).rows.slice(args.offset, args.offset + args.limit);
            case 'Connection': sized(args); return connection(table, args);
            case 'ToOne': return source[field.own] === null ? null : target.rows.find((row) => row[field.other] === source[field.own]) || null;
            case 'ToMany': sized(args); return connection({...target, rows: target.rows.filter((row) => row[field.other] === source[field.own])}, args);
            case 'Node': for (const each of tables) for (const row of each.rows)
                if (base64url([each.type, String(row[each.key])]) === args.nodeId) return {...row, __typename: each.type};
                return null;
        }
        throw new Error(`no resolver for ${field.from}`);
    };
}

function execute({sdl, api, queries, repeat}) {
    const schema = g.buildSchema(sdl);
    const fieldResolver = resolvers(api);
    const results = queries.map(({query, variables}) => g.execute({
        schema, document: g.parse(query), fieldResolver, variableValues: variables}));
    if (!repeat) return results;
    const document = g.parse(queries[0].query);
    const begin = process.cpuUsage();
    for (let i = 0; i < repeat; ++i)
        JSON.stringify(g.execute({schema, document, fieldResolver, variableValues: queries[0].variables}));
    const used = process.cpuUsage(begin);
    return {microseconds: (used.user + used.system) / repeat};
}

const answer = {validate, introspection, execute}[ask.do](ask);
process.stdout.write(JSON.stringify(answer));
