// What the QuickJS interpreter runs: calls, objects and classes, sorting with a closure, maps, JSON and regular expressions.
function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

class Point {
    constructor(x, y) { this.x = x; this.y = y; }
    add(other) { return new Point(this.x + other.x, this.y + other.y); }
}

function walk(steps) {
    const step = new Point(1, 2);
    let at = new Point(0, 0);
    for (let i = 0; i < steps; i++) at = at.add(step);
    return at.x * 3 + at.y;
}

function numbers(count) {
    let seed = 42;
    return Array.from({ length: count }, () => seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff);
}

function words(count) {
    const times = new Map();
    for (let i = 0; i < count; i++) {
        const word = 'word' + (i * 7919 % 500);
        times.set(word, (times.get(word) ?? 0) + 1);
    }
    let sum = 0;
    for (const [word, many] of times) sum += word.length * many * many;
    return sum;
}

function run(size) {
    const sorted = numbers(size * 100).sort((a, b) => a - b);
    const text = JSON.stringify(sorted);
    const sevens = (text.match(/\d+7/g) ?? []).length;
    return (fib(8 + (size >> 1)) + walk(size * 500) + sorted[size] + words(size * 200) + JSON.parse(text).length * sevens) & 0x7fffffff;
}
run;
