package io.postern.bench;

import java.util.List;

/// What a case is called and what is expected of it.
///
/// @param isPaced the load has a fixed rate, so throughput says nothing and latency everything
record Plan(String name, String about, Unit unit, boolean isPaced, List<Bar> bars) {}
