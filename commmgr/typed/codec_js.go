package typed

// exactIntegers: all that is sent from a page becomes a value of JavaScript first.
const exactIntegers = false
