package dev.tetra.examples.monit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tetra.tsm.core.LogLine;
import dev.tetra.tsm.core.Status;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ViewTest {
    private static final Look THREE = Some.look(
            5, Some.row(0, "web-8000", Status.ONLINE), Some.row(1, "job", Status.CRASHED), Some.unreadable("old"));
    private static final Log LOG = new Log(
            "web-8000",
            3,
            List.of(
                    new LogLine("web-8000", LogLine.Stream.OUT, "ready"),
                    new LogLine("web-8000", LogLine.Stream.ERR, "no \u001b[31mfavicon\u001b[0m here"),
                    new LogLine("web-8000", LogLine.Stream.OUT, "日本語の記録が長く続く行です。日本語の記録が長く続く行です。日本語の記録が長く続く行です。")),
            true);

    private static Model model(int rows, int columns) {
        return Model.first(new Size(rows, columns), "/home/user/tetra/tsm")
                .looked(THREE)
                .logged(LOG);
    }

    @Test
    void a_usual_terminal_has_all_of_it() {
        assertThat(text(model(14, 100))).isEqualTo("""
                /home/user/tetra/tsm  owner 4000  1 online  1 crashed  1 unreadable                         12:00:05
                ID▴  NAME      STATUS          PID   PORT    CPU    MEMORY   UPTIME   RST  NOTE
                  0  web-8000  online         4000      -     0%       0 B       0s     0
                  1  job       crashed           -      -      -         -        -     0  exit code 3, 5s ago
                  -  old       unreadable        -      -      -         -        -     0  there is no meta.json (/…
                ━ web-8000  online ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ 1 of 3 ━
                out| ready
                err| no favicon here
                out| 日本語の記録が長く続く行です。日本語の記録が長く続く行です。日本語の記録が長く続く行です。




                q quit  ? help  s stop  S start  r restart  l log  / filter  x kill  d delete  o sort  space pause
                """);
    }

    @Test
    void a_narrow_terminal_has_what_matters_most() {
        assertThat(text(model(10, 40))).isEqualTo("""
                owner 4000  1 online  1 crashed  1 unre…
                ID▴  NAME      STATUS       PORT    CPU
                  0  web-8000  online          -     0%
                  1  job       crashed         -      -
                  -  old       unreadable      -      -
                ━ web-8000  online ━━━━━━━━━━━━ 1 of 3 ━
                out| ready
                err| no favicon here
                out| 日本語の記録が長く続く行です。日本…
                q quit  ? help  s stop  S start  l log
                """);
    }

    @Test
    void the_whole_log_breaks_long_lines() {
        Model whole = model(9, 40).press(Key.of('l')).model();

        assertThat(text(whole)).isEqualTo("""
                owner 4000  1 online  1 crashed  1 unre…
                ━ web-8000  online ━━━━━━━━━━━━ 1 of 3 ━
                out| ready
                err| no favicon here
                out| 日本語の記録が長く続く行です。日本
                     語の記録が長く続く行です。日本語の
                     記録が長く続く行です。

                q quit  l back  ↑↓ scroll  End follow
                """);
    }

    @Test
    void without_an_owner_or_services_the_screen_says_so() {
        Look nothing = new Look(
                "/home/user/tetra/tsm",
                OptionalLong.empty(),
                List.of(),
                Optional.empty(),
                LocalDateTime.of(2026, 1, 1, 7, 3, 9),
                1);
        String text = text(Model.first(new Size(8, 90), "/home/user/tetra/tsm").looked(nothing));

        assertThat(text)
                .startsWith("/home/user/tetra/tsm  no owner: nothing is watched  no services")
                .contains("07:03:09\n", "\nno services; start one with: tsm start COMMAND\n");
    }

    @Test
    void a_filter_that_fits_nobody_and_a_directory_that_cannot_be_read_are_told() {
        Model nobody = model(10, 80);
        for (char key : "/zz".toCharArray()) {
            nobody = nobody.press(Key.of(key)).model();
        }
        Look failed = new Look(
                "/t",
                OptionalLong.empty(),
                List.of(),
                Optional.of("/t/processes may not be read"),
                LocalDateTime.MAX,
                9);

        assertThat(text(nobody)).contains("no service has zz in its name; Esc shows all", "/zz▏");
        assertThat(text(model(10, 80).looked(failed))).contains("\n/t/processes may not be read\n");
    }

    @Test
    void the_question_is_asked_in_the_bottom_line_also_where_it_is_narrow() {
        Model asking = model(10, 30).press(Key.of('x')).model();

        assertThat(text(asking)).endsWith("kill web-8000 at once? y/n\n");
        assertThat(text(asking.resized(new Size(10, 16)))).endsWith("kill …once? y/n\n");
    }

    @Test
    void the_chosen_line_is_as_wide_as_the_terminal_and_only_it_is_marked() {
        List<Line> lines = View.lines(model(14, 100));

        assertThat(lines.stream().filter(Line::chosen)).hasSize(1);
        assertThat(lines.get(2).chosen()).isTrue();
        assertThat(lines.get(2).text()).hasSize(100);
    }

    @Test
    void standard_error_has_another_colour_and_the_status_its_own() {
        List<Line> lines = View.lines(model(14, 100));

        assertThat(lines.get(7).spans()).allMatch(span -> span.ink() == Ink.RED);
        assertThat(lines.get(6).spans()).allMatch(span -> span.ink() == Ink.PLAIN);
        assertThat(lines.get(3).spans()).contains(new Line.Span("crashed", Ink.RED));
    }

    private static String text(Model model) {
        StringBuilder text = new StringBuilder();
        for (Line line : View.lines(model)) {
            text.append(line.text().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
