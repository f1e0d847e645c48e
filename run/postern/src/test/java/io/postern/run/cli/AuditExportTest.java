package io.postern.run.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tables of log entries, as spreadsheets read them.
class AuditExportTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "=cmd() | '=cmd()",
                "+1 | '+1",
                "-1 | '-1",
                "@SUM(A1) | '@SUM(A1)",
                "ada@contoso.example | ada@contoso.example",
                "a, b | \"a, b\"",
                "=\"a,b\" | \"'=\"\"a,b\"\"\"",
            })
    void aNameIsNeverAFormula(String value, String cell) {
        assertEquals(cell, AuditExportCommand.cell(value));
    }
}
