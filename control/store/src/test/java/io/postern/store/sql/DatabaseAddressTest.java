package io.postern.store.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.postern.base.Secret;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseAddressTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/data/postern.db",
                "sqlite:/data/postern.db",
                "jdbc:sqlite:/data/postern.db",
                "SQLITE:/data/x/../postern.db"
            })
    void readsFiles(String text) {
        assertEquals(new DatabaseAddress.Sqlite(Path.of("/data/postern.db")), DatabaseAddress.parse(text));
    }

    @Test
    void aRelativePathBecomesAbsolute() {
        var address = assertInstanceOf(DatabaseAddress.Sqlite.class, DatabaseAddress.parse("postern.db"));

        assertEquals(Path.of("postern.db").toAbsolutePath(), address.file());
    }

    @Test
    void takesUserAndPasswordOutOfTheUrl() {
        var address = DatabaseAddress.parse(
                "jdbc:postgresql://db.example:5433/postern?sslmode=verify-full&user=po%20st&password=p%26w&x=y");

        assertEquals(
                new DatabaseAddress.PostgreSql(
                        "jdbc:postgresql://db.example:5433/postern?sslmode=verify-full&x=y",
                        Optional.of("po st"),
                        Optional.of(Secret.of("p&w"))),
                address);
        assertFalse(address.toString().contains("p&w") || address.toString().contains("p%26w"));
    }

    @Test
    void separateCredentialsWin() {
        var address = DatabaseAddress.parse(
                "jdbc:postgresql://db/postern?user=a&password=b", Optional.of("c"), Optional.of(Secret.of("d")));

        assertEquals(
                new DatabaseAddress.PostgreSql(
                        "jdbc:postgresql://db/postern", Optional.of("c"), Optional.of(Secret.of("d"))),
                address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "sqlite:",
                "jdbc:mysql://db/x?password=geheim",
                "jdbc:postgresql://u:geheim@db/x",
                "postgres://u:geheim@db/x"
            })
    void refusesOtherFormsWithoutShowingAPassword(String text) {
        var refused = assertThrows(IllegalArgumentException.class, () -> DatabaseAddress.parse(text));

        assertFalse(String.valueOf(refused.getMessage()).contains("geheim"));
    }
}
