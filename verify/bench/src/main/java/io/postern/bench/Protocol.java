package io.postern.bench;

/// What the load generator speaks to the first hop.
enum Protocol {
    H1,
    H2
}
