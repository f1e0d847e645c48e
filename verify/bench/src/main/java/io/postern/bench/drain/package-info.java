/// What restarts and sudden ends of connectors do to those who use an application meanwhile: `bin/bench drain` and
/// `bin/bench kill`. Whole processes, one user, no retries.
@org.jspecify.annotations.NullMarked
package io.postern.bench.drain;
