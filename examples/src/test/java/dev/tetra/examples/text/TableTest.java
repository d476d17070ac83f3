package dev.tetra.examples.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tetra.examples.text.Style.Paint;
import dev.tetra.examples.text.Table.Column;
import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void numbers_stand_on_the_right_and_no_line_ends_in_blanks() {
        Table table = new Table(Column.RIGHT, Column.LEFT, Column.LEFT);
        table.header("ID", "NAME", "MORE");
        table.row("7", "web", "");
        table.row("12", "a-longer-name", "x");

        assertThat(text(table, 0)).isEqualTo("""
                ID  NAME           MORE
                 7  web
                12  a-longer-name  x
                """);
    }

    @Test
    void without_a_terminal_nothing_is_cut() {
        Table table = new Table(Column.CUT_END);
        table.row("x".repeat(500));

        assertThat(text(table, 0)).isEqualTo("x".repeat(500) + "\n");
    }

    @Test
    void the_widest_column_that_may_be_cut_gives_way() {
        Table table = new Table(Column.LEFT, Column.CUT_MIDDLE, Column.CUT_END);
        table.row("never cut", "/a/long/path/to/somewhere", "and a sentence that says more than fits");

        assertThat(text(table, 50)).isEqualTo("never cut  /a/long/…somewhere  and a sentence tha…\n");
    }

    @Test
    void a_row_is_never_wider_than_the_terminal() {
        Table table = new Table(Column.LEFT, Column.RIGHT, Column.CUT_END);
        table.row("0123456789", "0123456789", "0123456789");

        for (int columns = 1; columns < 40; columns++) {
            assertThat(Width.of(text(table, columns).stripTrailing())).isLessThanOrEqualTo(columns);
        }
    }

    @Test
    void wide_characters_take_two_columns_and_combining_ones_none() {
        Table table = new Table(Column.CUT_END, Column.LEFT);
        table.row("日本語", "|");
        table.row("e\u0301te\u0301", "|");
        table.row("sixsix", "|");

        assertThat(text(table, 0)).isEqualTo("日本語  |\ne\u0301te\u0301     |\nsixsix  |\n");
        assertThat(Width.cutEnd("日本語", 5)).isEqualTo("日本…");
        assertThat(Width.cutEnd("日本語", 4)).isEqualTo("日…");
        assertThat(Width.cutMiddle("日本語日本語", 7)).isEqualTo("日…語");
    }

    @Test
    void control_characters_cannot_reach_the_terminal() {
        Table table = new Table(Column.LEFT);
        table.row("a\nb\u001b[31mc\t");

        assertThat(text(table, 0)).isEqualTo("a⏎b·[31mc·\n");
    }

    @Test
    void colour_does_not_change_the_alignment() {
        Table table = new Table(Column.RIGHT, Column.LEFT);
        table.row("1", "x");
        table.paint(0, Paint.GREEN);
        table.row("100", "y");
        StringBuilder text = new StringBuilder();
        table.appendTo(text, Style.COLOURED, 0);

        assertThat(text).hasToString("  \u001b[32m1\u001b[0m  x\n100  y\n");
    }

    @Test
    void a_row_has_as_many_cells_as_there_are_columns() {
        Table table = new Table(Column.LEFT);

        assertThatThrownBy(() -> table.row("a", "b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("2 cells for 1 columns");
    }

    private static String text(Table table, int terminal) {
        StringBuilder text = new StringBuilder();
        table.appendTo(text, Style.PLAIN, terminal);
        return text.toString();
    }
}
