package io.postern.store.sql;

import io.postern.base.Secret;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Where the database is. Its text never shows a password, so it may stand in logs and messages.
public sealed interface DatabaseAddress {
    /// One file, for one service process.
    record Sqlite(Path file) implements DatabaseAddress {
        @Override
        public String toString() {
            return "sqlite:" + file;
        }
    }

    /// A PostgreSQL server, for one or several service processes.
    ///
    /// @param url `jdbc:postgresql://...` without user and password
    record PostgreSql(String url, Optional<String> user, Optional<Secret> password) implements DatabaseAddress {
        @Override
        public String toString() {
            return url;
        }
    }

    /// Reads `sqlite:/path/file.db`, `/path/file.db` or `jdbc:postgresql://host/name?user=u&password=p`.
    ///
    /// @throws IllegalArgumentException with a sentence that names the forms allowed, never a password
    static DatabaseAddress parse(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.startsWith("jdbc:postgresql:")) {
            return postgreSql(text);
        }
        String path = lower.startsWith("sqlite:")
                ? text.substring("sqlite:".length())
                : lower.startsWith("jdbc:sqlite:") ? text.substring("jdbc:sqlite:".length()) : text;
        // two letters at least: C:\data\postern.db is a path
        if (path.isBlank() || path.matches("[A-Za-z][A-Za-z0-9+.-]+:.*") || path.startsWith(":")) {
            throw new IllegalArgumentException("the database address must be a file path, sqlite:/path/to/file.db or "
                    + "jdbc:postgresql://host:5432/name?user=...&password=...");
        }
        return new Sqlite(Path.of(path).toAbsolutePath().normalize());
    }

    /// The same with credentials that stand elsewhere in the configuration; those in the address give way.
    static DatabaseAddress parse(String text, Optional<String> user, Optional<Secret> password) {
        return switch (parse(text)) {
            case Sqlite sqlite -> sqlite;
            case PostgreSql address ->
                new PostgreSql(address.url(), user.or(address::user), password.or(address::password));
        };
    }

    private static DatabaseAddress postgreSql(String text) {
        int query = text.indexOf('?');
        String base = query < 0 ? text : text.substring(0, query);
        if (base.contains("@")) {
            throw new IllegalArgumentException(
                    "the database address has a user name before the host; write ?user=...&password=... at its end");
        }
        Optional<String> user = Optional.empty();
        Optional<Secret> password = Optional.empty();
        List<String> rest = new ArrayList<>();
        for (String parameter :
                query < 0 ? new String[0] : text.substring(query + 1).split("&")) {
            if (parameter.startsWith("user=")) {
                user = Optional.of(decoded(parameter));
            } else if (parameter.startsWith("password=")) {
                password = Optional.of(Secret.of(decoded(parameter)));
            } else if (!parameter.isEmpty()) {
                rest.add(parameter);
            }
        }
        return new PostgreSql(base + (rest.isEmpty() ? "" : "?" + String.join("&", rest)), user, password);
    }

    private static String decoded(String parameter) {
        return URLDecoder.decode(parameter.substring(parameter.indexOf('=') + 1), StandardCharsets.UTF_8);
    }
}
