/// Single steps of the path of a request, in nanoseconds and bytes of garbage. `bin/bench micro` runs them.
@NullMarked
package io.postern.bench.micro;

import org.jspecify.annotations.NullMarked;
