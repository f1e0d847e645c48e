package io.postern.bench;

import java.util.List;
import java.util.stream.Stream;

/// One of the two places that a request passes between client and backend, with the processes whose time and memory
/// count for it.
record Hop(String name, List<Daemon> daemons) {
    static Hop of(String name, Daemon... daemons) {
        return new Hop(name, List.of(daemons));
    }

    /// The processes and all their children, as of now.
    List<ProcessHandle> processes() {
        return daemons.stream()
                .flatMap(daemon -> Stream.concat(
                        Stream.of(daemon.handle()), daemon.handle().descendants()))
                .filter(ProcessHandle::isAlive)
                .toList();
    }
}
