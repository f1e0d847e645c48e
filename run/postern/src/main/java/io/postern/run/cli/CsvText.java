package io.postern.run.cli;

import io.postern.run.Fault;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Comma-separated values (RFC 4180), as spreadsheets write them: quotes doubled inside quotes, line breaks inside
/// quotes, a semicolon in place of the comma where the head has one, a byte order mark before all.
final class CsvText {
    /// One row, and on which line of the file it begins.
    record Row(int line, List<String> cells) {
        Row {
            cells = List.copyOf(cells);
        }

        boolean isEmpty() {
            return cells.stream().allMatch(String::isBlank);
        }
    }

    private final String text;
    private final char separator;
    private int at;
    private int line = 1;

    private CsvText(String text) {
        this.text = text.startsWith("\ufeff") ? text.substring(1) : text;
        String head = this.text.lines().findFirst().orElse("");
        this.separator = head.indexOf(';') >= 0 && head.indexOf(',') < 0 ? ';' : ',';
    }

    /// Rows that hold something.
    ///
    /// @throws IllegalArgumentException naming the line where quotes do not fit
    static List<Row> read(String text) {
        return new CsvText(text).rows();
    }

    /// The same of a file in UTF-8.
    ///
    /// @throws Fault when it cannot be read
    static List<Row> of(Path file) {
        try {
            return read(Files.readString(file));
        } catch (CharacterCodingException e) {
            throw new Fault(file + " is not in UTF-8; save it as 'CSV UTF-8'", e);
        } catch (IOException e) {
            throw new Fault(file + " cannot be read", e);
        } catch (IllegalArgumentException e) {
            throw new Fault(file + ", " + e.getMessage() + "; nothing is changed", e);
        }
    }

    /// Without what [AuditExportCommand#cell] put before a formula.
    static String unguarded(String value) {
        boolean guarded = value.length() > 1 && value.charAt(0) == '\'' && "=+-@".indexOf(value.charAt(1)) >= 0;
        return guarded ? value.substring(1) : value;
    }

    /// A cell as it must stand in a row.
    static String cell(String value) {
        return value.matches("(?s).*[\",;\r\n].*") ? "\"" + value.replace("\"", "\"\"") + "\"" : value;
    }

    private List<Row> rows() {
        var rows = new ArrayList<Row>();
        while (at < text.length()) {
            Row row = row();
            if (!row.isEmpty()) {
                rows.add(row);
            }
        }
        return rows;
    }

    private Row row() {
        int begun = line;
        var cells = new ArrayList<String>();
        do {
            cells.add(cell(begun));
        } while (isNext(separator));
        boolean ended = isNext('\r');
        ended |= isNext('\n');
        if (!ended && at < text.length()) {
            throw new IllegalArgumentException("line " + line + ": something stands behind a closing quote");
        }
        return new Row(begun, cells);
    }

    private String cell(int begun) {
        var value = new StringBuilder();
        if (!isNext('"')) {
            while (at < text.length() && text.charAt(at) != separator && !isEnd(text.charAt(at))) {
                value.append(text.charAt(at++));
            }
            return value.toString().strip();
        }
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"' && !isNext('"')) {
                return value.toString().strip();
            }
            line += c == '\n' ? 1 : 0;
            value.append(c);
        }
        throw new IllegalArgumentException("line " + begun + ": a quote is opened and never closed");
    }

    private static boolean isEnd(char c) {
        return c == '\n' || c == '\r';
    }

    private boolean isNext(char c) {
        boolean is = at < text.length() && text.charAt(at) == c;
        if (is) {
            at++;
            line += c == '\n' ? 1 : 0;
        }
        return is;
    }
}
