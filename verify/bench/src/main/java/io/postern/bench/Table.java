package io.postern.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A table that reads well in a terminal and is Markdown: columns padded, the first two left, the rest right.
public final class Table {
    private static final int LEFT_COLUMNS = 2;

    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... head) {
        rows.add(List.of(head));
    }

    public void add(List<String> row) {
        if (row.size() != rows.getFirst().size()) {
            throw new IllegalArgumentException("a row of " + row.size() + " cells under " + rows.getFirst());
        }
        rows.add(List.copyOf(row));
    }

    boolean isEmpty() {
        return rows.size() == 1;
    }

    @Override
    public String toString() {
        int columns = rows.getFirst().size();
        int[] widths = IntStream.range(0, columns)
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElseThrow())
                .toArray();
        var text = new StringBuilder(line(rows.getFirst(), widths));
        text.append(IntStream.range(0, columns)
                .mapToObj(column ->
                        column < LEFT_COLUMNS ? "-".repeat(widths[column] + 2) : "-".repeat(widths[column] + 1) + ":")
                .collect(Collectors.joining("|", "|", "|\n")));
        rows.stream().skip(1).forEach(row -> text.append(line(row, widths)));
        return text.toString();
    }

    private static String line(List<String> row, int[] widths) {
        return IntStream.range(0, row.size())
                .mapToObj(column -> {
                    String blanks = " ".repeat(widths[column] - row.get(column).length());
                    return column < LEFT_COLUMNS
                            ? " " + row.get(column) + blanks + " "
                            : " " + blanks + row.get(column) + " ";
                })
                .collect(Collectors.joining("|", "|", "|\n"));
    }
}
