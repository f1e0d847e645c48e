package io.postern.run.cli;

import io.postern.base.config.ConfigFault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// An inventory of applications to be published, one a row: what the planning guide tells to collect of each (S4).
record Inventory(String file, List<Entry> entries) {
    /// What is collected. The first block is needed to publish; the rest is for people, and goes into the notes.
    enum Column {
        NAME("Name", "what users will see"),
        INTERNAL_URL("Internal URL", "exactly as used inside, such as https://wiki.corp/"),
        EXTERNAL_URL("External URL", "empty: made of the name"),
        AUTHENTICATION("Authentication type", "basic, windows, forms, header, saml, oidc or none"),
        CONNECTOR_GROUP("Connector group", "empty: Default"),
        ACCESS("Users and groups", "names separated by ';', users with @"),
        WEB_SOCKETS("WebSocket", "yes or no"),
        OTHER_SOURCES("Other sources", "hosts that its pages take content from, separated by ';', or none"),
        CERTIFICATE("Public certificate", "for a domain of your own: serial number, and where to get it"),
        SERVICE_TYPE("Service type", "SharePoint, SAP, CRM, own web application, API ..."),
        PLATFORM("Platform", "IIS, Apache, Tomcat, nginx ..."),
        SERVER("Server FQDN", "domain membership: the web server's full name"),
        LOCATION("Location", "where the server or farm stands"),
        BALANCING("Load balancing", "of a farm; none otherwise"),
        PRESENT_ACCESS("Present external access", "the product that publishes it today"),
        SERVICE_ACCOUNT("Service account", "domain account that it runs under"),
        SAML("SAML identifier and reply URL", "if SAML"),
        HEADER("Header requirements", "if header-based"),
        REQUIREMENTS("Additional requirements", "further security or access requirements");

        private final String title;
        private final String hint;

        Column(String title, String hint) {
            this.title = title;
            this.hint = hint;
        }

        String title() {
            return title;
        }
    }

    /// @param line of the file
    /// @param missing what stands in the way of publishing, a sentence each
    /// @param remarks what should be known or decided, a sentence each
    record Entry(int line, Map<Column, String> values, List<String> missing, List<String> remarks) {
        Entry {
            missing = List.copyOf(missing);
            remarks = List.copyOf(remarks);
        }

        String name() {
            return of(Column.NAME).isEmpty() ? "(line " + line + ")" : of(Column.NAME);
        }

        String of(Column column) {
            return values.getOrDefault(column, "");
        }

        boolean isComplete() {
            return missing.isEmpty();
        }

        /// As `postern apply` takes it.
        ObjectNode declaration() {
            ObjectNode json = Api.object().put("displayName", name());
            if (!of(Column.CONNECTOR_GROUP).isEmpty()) {
                json.put("connectorGroup", of(Column.CONNECTOR_GROUP));
            }
            ArrayNode users = json.putArray("assignedUsers");
            ArrayNode groups = json.putArray("assignedGroups");
            for (String who : list(of(Column.ACCESS))) {
                (who.contains("@") ? users : groups).add(who);
            }
            String notes = notes();
            if (!notes.isEmpty()) {
                json.put("notes", notes);
            }
            ObjectNode publishing = json.putObject("onPremisesPublishing").put("internalUrl", of(Column.INTERNAL_URL));
            if (!of(Column.EXTERNAL_URL).isEmpty()) {
                publishing.put("externalUrl", of(Column.EXTERNAL_URL));
            }
            return json;
        }

        private String notes() {
            var lines = new ArrayList<String>();
            for (Column column : Column.values()) {
                if (column.compareTo(Column.WEB_SOCKETS) >= 0 && !of(column).isEmpty()) {
                    lines.add(column.title() + ": " + of(column));
                }
            }
            String notes = String.join("\n", lines);
            return notes.substring(0, Math.min(notes.length(), NOTES_MAX));
        }
    }

    private static final int NOTES_MAX = 1024;
    private static final List<String> AUTHENTICATIONS =
            List.of("basic", "windows", "forms", "header", "saml", "oidc", "none");

    Inventory {
        entries = List.copyOf(entries);
    }

    /// Titles, and below them what to write; a row whose name begins with `#` is no application.
    static String template() {
        return row(Arrays.stream(Column.values()).map(Column::title).toList())
                + row(Arrays.stream(Column.values())
                        .map(c -> c == Column.NAME ? "# " + c.hint : c.hint)
                        .toList());
    }

    private static String row(List<String> cells) {
        return String.join(",", cells.stream().map(CsvText::cell).toList()) + "\r\n";
    }

    /// @throws ConfigFault when the file is no inventory
    static Inventory read(Path file) {
        try {
            return of(file.toString(), Files.readString(file, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new ConfigFault(file.toString(), List.of("cannot be read, or is not UTF-8: " + e.getMessage()));
        }
    }

    static Inventory of(String file, String text) {
        List<CsvText.Row> rows;
        try {
            rows = CsvText.read(text);
        } catch (IllegalArgumentException e) {
            throw new ConfigFault(file, List.of(String.valueOf(e.getMessage())));
        }
        if (rows.isEmpty()) {
            throw new ConfigFault(file, List.of("is empty; 'postern inventory template' makes one to fill in"));
        }
        Map<Integer, Column> columns = columns(file, rows.getFirst());
        var entries = new ArrayList<Entry>();
        var names = new LinkedHashMap<String, Integer>();
        for (CsvText.Row row : rows.subList(1, rows.size())) {
            var values = new EnumMap<Column, String>(Column.class);
            columns.forEach((place, column) -> {
                if (place < row.cells().size()) {
                    values.put(column, row.cells().get(place));
                }
            });
            if (!values.getOrDefault(Column.NAME, "").startsWith("#")) {
                entries.add(entry(row.line(), values, names));
            }
        }
        return new Inventory(file, entries);
    }

    private static Map<Integer, Column> columns(String file, CsvText.Row head) {
        var columns = new LinkedHashMap<Integer, Column>();
        for (int i = 0; i < head.cells().size(); i++) {
            String title = head.cells().get(i);
            for (Column column : Column.values()) {
                if (column.title.equalsIgnoreCase(title)) {
                    columns.put(i, column);
                }
            }
        }
        for (Column needed : List.of(Column.NAME, Column.INTERNAL_URL)) {
            if (!columns.containsValue(needed)) {
                throw new ConfigFault(
                        file,
                        List.of("line " + head.line() + ": there is no column '" + needed.title
                                + "'; 'postern inventory template' shows the titles"));
            }
        }
        return columns;
    }

    private static Entry entry(int line, Map<Column, String> values, Map<String, Integer> names) {
        var missing = new ArrayList<String>();
        var remarks = new ArrayList<String>();
        var entry = new Entry(line, values, List.of(), List.of());
        if (entry.of(Column.NAME).isEmpty()) {
            missing.add("Name is empty");
        } else {
            Integer before = names.putIfAbsent(entry.of(Column.NAME), line);
            if (before != null) {
                missing.add("the name is that of line " + before + " too");
            }
        }
        String internal = entry.of(Column.INTERNAL_URL);
        if (internal.isEmpty()) {
            missing.add("Internal URL is empty: say exactly how it is called inside");
        } else if (internal.startsWith("http://")) {
            remarks.add("Internal URL is http: what passes inside can be read on the way (BTLS-3)");
        }
        authentication(entry, missing, remarks);
        if (entry.of(Column.ACCESS).isEmpty()) {
            missing.add("Users and groups is empty: nobody could use it");
        }
        if (!list(entry.of(Column.OTHER_SOURCES)).isEmpty()
                && !entry.of(Column.OTHER_SOURCES).equalsIgnoreCase("none")) {
            remarks.add(
                    "Other sources: publish " + entry.of(Column.OTHER_SOURCES) + " as well, and switch on body links");
        }
        return new Entry(line, values, missing, remarks);
    }

    private static void authentication(Entry entry, List<String> missing, List<String> remarks) {
        String type = entry.of(Column.AUTHENTICATION).toLowerCase(Locale.ROOT);
        if (type.isEmpty()) {
            missing.add("Authentication type is empty: " + String.join(", ", AUTHENTICATIONS));
            return;
        }
        if (!AUTHENTICATIONS.contains(type)) {
            missing.add("Authentication type '" + type + "' is not one of " + String.join(", ", AUTHENTICATIONS));
        }
        boolean inClear = entry.of(Column.INTERNAL_URL).startsWith("http://");
        if (inClear && List.of("forms", "header", "basic").contains(type)) {
            remarks.add("WARNING: " + type + " sign-on over http sends passwords or identities in clear; use https");
        }
        if (type.equals("saml") && entry.of(Column.SAML).isEmpty()) {
            remarks.add("SAML identifier and reply URL is empty: single sign-on needs them");
        }
        if (type.equals("header") && entry.of(Column.HEADER).isEmpty()) {
            remarks.add("Header requirements is empty: single sign-on needs the names of the fields");
        }
        if (type.equals("windows") && entry.of(Column.SERVICE_ACCOUNT).isEmpty()) {
            remarks.add("Service account is empty: Kerberos needs it");
        }
    }

    private static List<String> list(String text) {
        return Arrays.stream(text.split(";", -1))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
    }
}
