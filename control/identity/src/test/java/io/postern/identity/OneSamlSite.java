package io.postern.identity;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A login host with one service provider and one user agent, new for each test.
abstract class OneSamlSite {
    static final String USER = "b.simon@contoso.example";

    @TempDir
    Path folder;

    LoginHost host;
    Browser browser;
    SamlSite site;

    private final String name;
    private final boolean realTime;

    /// @param realTime the host's clock says what the clocks of other programs say
    OneSamlSite(String name, boolean realTime) {
        this.name = name;
        this.realTime = realTime;
    }

    @BeforeEach
    void start() {
        host = new LoginHost(folder);
        if (realTime) {
            host.clock.advance(Duration.between(host.clock.instant(), Instant.now()));
        }
        browser = host.browser();
        site = SamlSite.register(host, name, UnaryOperator.identity());
    }

    @AfterEach
    void stop() {
        host.close();
    }
}
