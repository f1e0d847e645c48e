package io.postern.store.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class MigrationsTest {
    /// A forgotten number would leave old databases as they are.
    @Test
    void noScriptIsNewerThanTheLatestNumber() throws Exception {
        URI folder = Objects.requireNonNull(
                        Migrations.class.getResource("/io/postern/store/migrations/V1__first_storey.sql"))
                .toURI();
        try (var scripts = Files.list(Objects.requireNonNull(Path.of(folder).getParent()))) {
            int newest = scripts.map(script -> script.getFileName().toString())
                    .mapToInt(name -> Integer.parseInt(name.substring(1, name.indexOf("__"))))
                    .max()
                    .orElseThrow();

            assertEquals(Migrations.LATEST, newest);
        }
    }
}
