package io.postern.system;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// What a process says, read for as long as it lives so that it never waits for a reader.
final class Output {
    private Output() {}

    /// The lines of its standard output; more come. Not read by a virtual thread: reading a pipe holds one of the few
    /// threads that carry those.
    static List<String> of(Process process) {
        var lines = new CopyOnWriteArrayList<String>();
        Thread.ofPlatform().daemon().start(() -> process.inputReader().lines().forEach(lines::add));
        return lines;
    }
}
