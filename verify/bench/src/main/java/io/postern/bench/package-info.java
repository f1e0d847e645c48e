/// The benchmark beside the peers: the same load on Postern and on what one would use instead, in one run, interleaved.
///
/// Reading order: [Bench] (the run), [Peer] (what is measured), [Case] (by which load), [Meter] (what a load costs),
/// [Report] (what comes out). Tests only: nothing of the product imports this.
@org.jspecify.annotations.NullMarked
package io.postern.bench;
