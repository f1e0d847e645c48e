package io.postern.run.connector;

import io.postern.connector.directory.DirectoryFault;
import io.postern.connector.directory.DirectoryProbe;
import io.postern.connector.directory.DirectoryReading.Warning;
import io.postern.connector.directory.DirectorySettings;
import java.net.URI;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/// The pre-flight's look at the directories of the file: every server is asked, all at once, as the running
/// connector would ask it. Nobody is read. Runs on the thread of a command and waits.
///
/// @param sink told each finding, in the order of the file
record DirectoryFindings(List<DirectorySettings> directories, Consumer<Finding> sink) {
    void look() throws InterruptedException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<Finding>>> asked = directories.stream()
                    .flatMap(directory ->
                            directory.urls().stream().map(url -> threads.submit(() -> of(directory, url))))
                    .toList();
            for (Future<List<Finding>> one : asked) {
                try {
                    one.get().forEach(sink);
                } catch (ExecutionException e) {
                    sink.accept(Finding.skipped("directory", "could not be looked at (" + e.getMessage() + ")"));
                }
            }
        }
    }

    private static List<Finding> of(DirectorySettings directory, URI url) {
        long begun = System.nanoTime();
        String name = "'" + directory.name() + "' ";
        try {
            DirectoryProbe.Seen seen = DirectoryProbe.ask(directory, url);
            if (seen.warnings().isEmpty()) {
                return List.of(Finding.ok(
                        "directory",
                        name + url + " is " + seen.what() + "; signed in as " + directory.bindDn(),
                        Preflight.since(begun)));
            }
            return seen.warnings().stream()
                    .map(w -> warning(name + url + " is " + seen.what(), w, begun))
                    .toList();
        } catch (DirectoryFault e) {
            return List.of(Finding.failed("directory", name + e.message(), Preflight.since(begun), e.remedy()));
        }
    }

    private static Finding warning(String what, Warning warning, long begun) {
        return Finding.warning(
                "directory", what + ", and " + warning.message(), Preflight.since(begun), warning.remedy());
    }
}
