package io.postern.store.sql.table;

import io.postern.store.RevocationStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/// How values stand in columns, the same on both databases.
final class Columns {
    static final ObjectMapper JSON = JsonMapper.builder().build();
    private static final TypeReference<List<String>> LIST = new TypeReference<>() {};
    private static final TypeReference<Map<String, String>> MAP = new TypeReference<>() {};
    private static final TypeReference<Map<String, Object>> DOCUMENT = new TypeReference<>() {};

    private static final TypeReference<Map<String, List<String>>> LISTS = new TypeReference<>() {};

    private Columns() {}

    /// Microseconds since 1970; what lies after year 9999 stands there.
    static long micros(Instant instant) {
        Instant kept = instant.isAfter(RevocationStore.FOREVER) ? RevocationStore.FOREVER : instant;
        return ChronoUnit.MICROS.between(Instant.EPOCH, kept);
    }

    static @Nullable Long micros(Optional<Instant> instant) {
        return instant.map(Columns::micros).orElse(null);
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return Instant.EPOCH.plus(row.getLong(column), ChronoUnit.MICROS);
    }

    static Optional<Instant> instantIfAny(ResultSet row, String column) throws SQLException {
        Instant instant = instant(row, column);
        return row.wasNull() ? Optional.empty() : Optional.of(instant);
    }

    static Optional<String> textIfAny(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getString(column));
    }

    /// One form for every case of a name: some letters become equal only upwards, others only downwards.
    static String key(String name) {
        return name.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    }

    static String json(Object listOrMap) {
        return JSON.writeValueAsString(listOrMap);
    }

    static List<String> texts(ResultSet row, String column) throws SQLException {
        return JSON.readValue(row.getString(column), LIST);
    }

    static Map<String, List<String>> textLists(ResultSet row, String column) throws SQLException {
        return JSON.readValue(row.getString(column), LISTS);
    }

    /// A document of any depth.
    static Map<String, Object> map(ResultSet row, String column) throws SQLException {
        return JSON.readValue(row.getString(column), DOCUMENT);
    }

    static Map<String, String> textMap(ResultSet row, String column) throws SQLException {
        return JSON.readValue(row.getString(column), MAP);
    }
}
