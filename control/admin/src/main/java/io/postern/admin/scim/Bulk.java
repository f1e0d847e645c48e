package io.postern.admin.scim;

import io.postern.domain.scim.ScimFault;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Many operations in one request (RFC 7644 §3.7). Each is done or not by itself, in the order in which they stand,
/// but that one which names another's `bulkId` comes after that one (SCIM-5).
final class Bulk {
    static final int OPERATIONS_MAX = 1_000;

    private static final String SCHEMA = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";
    private static final Pattern REFERENCE = Pattern.compile("bulkId:([^/\"]{1,256})");

    /// Does one operation.
    interface Doing {
        /// @param path below the base, such as `/Users/2819c223`
        /// @throws ScimFault when it ends without effect
        Answer apply(String method, String path, Optional<String> version, Map<String, Object> data);
    }

    /// One operation as sent.
    private record Operation(
            String method, String path, Optional<String> bulkId, Optional<String> version, Map<String, Object> data) {
        /// Names of others on which it stands.
        List<String> references() {
            var all = new ArrayList<String>();
            collect(path, all);
            collect(data, all);
            return all;
        }

        private static void collect(@Nullable Object value, List<String> into) {
            switch (value) {
                case String text -> {
                    Matcher reference = REFERENCE.matcher(text);
                    while (reference.find()) {
                        into.add(reference.group(1));
                    }
                }
                case Map<?, ?> map -> map.values().forEach(each -> collect(each, into));
                case List<?> list -> list.forEach(each -> collect(each, into));
                case null, default -> {
                    // names nobody
                }
            }
        }
    }

    private final Doing doing;
    private final String base;
    private final Map<String, String> made = new HashMap<>();

    private Bulk(Doing doing, String base) {
        this.doing = doing;
        this.base = base;
    }

    /// @param base URL under which the resources lie
    /// @throws ScimFault when the request as a whole cannot be done
    static Answer run(Map<String, Object> body, String base, Doing doing) {
        int failOnErrors = body.get("failOnErrors") instanceof Number number ? number.intValue() : Integer.MAX_VALUE;
        if (!(ScimApi.member(body, "Operations") instanceof List<?> list)) {
            throw ScimFault.syntax("Operations must be a list");
        }
        if (list.size() > OPERATIONS_MAX) {
            throw ScimFault.of(413, list.size() + " operations are sent; " + OPERATIONS_MAX + " are taken at once");
        }
        var operations = new ArrayList<Operation>();
        list.forEach(each -> operations.add(read(each)));
        return new Bulk(doing, base).all(operations, Math.max(1, failOnErrors));
    }

    private Answer all(List<Operation> operations, int failOnErrors) {
        Map<Integer, Map<String, Object>> results = new LinkedHashMap<>();
        int errors = 0;
        boolean moved = true;
        while (moved && results.size() < operations.size() && errors < failOnErrors) {
            moved = false;
            for (int i = 0; i < operations.size() && errors < failOnErrors; i++) {
                Operation operation = operations.get(i);
                if (!results.containsKey(i) && !isWaiting(operation, operations, results)) {
                    Map<String, Object> result = result(operation);
                    results.put(i, result);
                    errors += result.containsKey("response") ? 1 : 0;
                    moved = true;
                }
            }
        }
        for (int i = 0; i < operations.size() && errors < failOnErrors; i++) {
            if (!results.containsKey(i)) {
                results.put(
                        i,
                        failed(
                                operations.get(i),
                                ScimFault.of(409, "operations of this request wait for each other by their bulkIds")));
                errors++;
            }
        }
        var body = new LinkedHashMap<String, Object>();
        body.put("schemas", List.of(SCHEMA));
        body.put(
                "Operations",
                results.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(Map.Entry::getValue)
                        .toList());
        return Answer.ok(body);
    }

    /// While one that it names is still to come.
    private boolean isWaiting(
            Operation operation, List<Operation> operations, Map<Integer, Map<String, Object>> results) {
        for (String name : operation.references()) {
            for (int i = 0; i < operations.size(); i++) {
                if (!results.containsKey(i)
                        && operations.get(i).bulkId().filter(name::equals).isPresent()) {
                    return true;
                }
            }
        }
        return false;
    }

    private Map<String, Object> result(Operation operation) {
        try {
            Answer answer = doing.apply(
                    operation.method(),
                    resolved(operation.path()),
                    operation.version(),
                    resolvedParts(operation.data()));
            Map<String, Object> result = head(operation);
            answer.location().ifPresent(url -> {
                result.put("location", url);
                operation.bulkId().ifPresent(name -> made.put(name, url.substring(url.lastIndexOf('/') + 1)));
            });
            if (answer.location().isEmpty() && !operation.method().equals("POST")) {
                result.put("location", base + resolved(operation.path()));
            }
            answer.version().ifPresent(version -> result.put("version", version));
            result.put("status", Integer.toString(answer.status()));
            return result;
        } catch (ScimFault fault) {
            return failed(operation, fault);
        }
    }

    private static Map<String, Object> failed(Operation operation, ScimFault fault) {
        Map<String, Object> result = head(operation);
        result.put("status", Integer.toString(fault.status()));
        result.put("response", ScimApi.error(fault));
        return result;
    }

    private static Map<String, Object> head(Operation operation) {
        var result = new LinkedHashMap<String, Object>();
        result.put("method", operation.method());
        operation.bulkId().ifPresent(name -> result.put("bulkId", name));
        return result;
    }

    private String resolved(String text) {
        return REFERENCE.matcher(text).replaceAll(reference -> Matcher.quoteReplacement(id(reference.group(1))));
    }

    private String id(String name) {
        String id = made.get(name);
        if (id == null) {
            throw ScimFault.value("bulkId '" + name + "' names no resource that this request has made");
        }
        return id;
    }

    private Map<String, Object> resolvedParts(Map<String, Object> data) {
        var copy = new LinkedHashMap<String, Object>();
        data.forEach((name, value) -> copy.put(name, resolvedValue(value)));
        return copy;
    }

    private Object resolvedValue(Object value) {
        return switch (value) {
            case String text -> resolved(text);
            case Map<?, ?> map -> {
                var copy = new LinkedHashMap<String, @Nullable Object>();
                map.forEach((k, v) -> copy.put(String.valueOf(k), v == null ? null : resolvedValue(v)));
                yield copy;
            }
            case List<?> list -> {
                var copy = new ArrayList<@Nullable Object>();
                list.forEach(v -> copy.add(v == null ? null : resolvedValue(v)));
                yield copy;
            }
            default -> value;
        };
    }

    @SuppressWarnings("unchecked") // JSON objects have texts as names
    private static Operation read(@Nullable Object each) {
        if (!(each instanceof Map<?, ?> map)) {
            throw ScimFault.syntax("an operation must be an object");
        }
        Optional<String> bulkId = text(map, "bulkId");
        String method = text(map, "method").orElse("").toUpperCase(Locale.ROOT);
        if (method.equals("POST") && bulkId.isEmpty()) {
            throw ScimFault.syntax("an operation POST needs a bulkId");
        }
        return new Operation(
                method,
                text(map, "path").orElse(""),
                bulkId,
                text(map, "version"),
                map.get("data") instanceof Map<?, ?> data ? (Map<String, Object>) data : Map.of());
    }

    private static Optional<String> text(Map<?, ?> map, String name) {
        return map.get(name) instanceof String text && !text.isBlank() ? Optional.of(text) : Optional.empty();
    }
}
