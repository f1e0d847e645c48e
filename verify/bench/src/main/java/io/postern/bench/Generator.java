package io.postern.bench;

import java.nio.file.Path;
import java.util.List;

/// A program that makes load and says what it saw.
sealed interface Generator permits H2load, Wrk {
    /// @param scratch a file that the generator may write
    List<String> command(Target target, String path, Path scratch);

    /// @param output of that command
    Sample parse(String output, Path scratch);
}
