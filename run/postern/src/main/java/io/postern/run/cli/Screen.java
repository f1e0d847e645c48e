package io.postern.run.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Prints results: JSON on one line, or text for people.
final class Screen {
    private final PrintWriter out;

    Screen(PrintWriter out) {
        this.out = out;
    }

    /// For results that come bit by bit.
    PrintWriter writer() {
        return out;
    }

    void json(JsonNode value) {
        out.println(value);
        out.flush();
    }

    /// As one JSON array.
    void json(List<JsonNode> values) {
        out.println(values);
        out.flush();
    }

    /// Of several lines, as it is.
    void text(String text) {
        out.print(text);
        out.flush();
    }

    void line(String text) {
        out.println(text);
        out.flush();
    }

    /// Columns as wide as their widest value; `empty` in place of a table without rows.
    void table(List<String> heads, List<List<String>> rows, String empty) {
        if (rows.isEmpty()) {
            line(empty);
            return;
        }
        int[] widths = new int[heads.size()];
        var all = new ArrayList<List<String>>();
        all.add(heads);
        all.addAll(rows);
        for (List<String> row : all) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : all) {
            var text = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                text.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length() + 2);
            }
            line(text.toString().stripTrailing());
        }
    }
}
