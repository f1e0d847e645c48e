package io.postern.run.cli;

import java.io.Console;
import java.util.Optional;

/// The terminal somebody sits at. JDK 22 to 24 hand out a console without one too, JDK 25 none again.
final class Terminal {
    private Terminal() {}

    static Optional<Console> here() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal);
    }
}
