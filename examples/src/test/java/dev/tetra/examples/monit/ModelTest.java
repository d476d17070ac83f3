package dev.tetra.examples.monit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tetra.examples.monit.Key.Special;
import dev.tetra.tsm.core.Status;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ModelTest {
    private static final Row WEB = Some.row(1, "web-8000", Status.ONLINE);
    private static final Row JOB = Some.row(2, "job", Status.STOPPED);
    private static final Row API = Some.row(3, "api-9000", Status.ONLINE);

    private final Model three = Model.first(new Size(24, 80), "/tsm").looked(Some.look(100, WEB, JOB, API));

    @Test
    void the_first_service_is_chosen_and_keys_move_the_choice_as_far_as_there_are_services() {
        assertThat(chosen(three)).isEqualTo("web-8000");
        assertThat(chosen(press(three, "j"))).isEqualTo("job");
        assertThat(chosen(press(press(three, Special.DOWN), Special.UP, Special.UP)))
                .isEqualTo("web-8000");
        assertThat(chosen(press(three, Special.PAGE_DOWN))).isEqualTo("api-9000");
        assertThat(chosen(press(press(three, Special.END), "jjk"))).isEqualTo("job");
        assertThat(chosen(press(press(three, "jj"), Special.HOME))).isEqualTo("web-8000");
    }

    @Test
    void the_chosen_one_stays_chosen_when_others_come_and_go_and_gives_its_place_away_when_it_goes() {
        Model job = press(three, "j");

        assertThat(chosen(job.looked(Some.look(101, Some.row(0, "first", Status.ONLINE), WEB, JOB))))
                .isEqualTo("job");
        assertThat(chosen(job.looked(Some.look(101, WEB, API)))).isEqualTo("api-9000");
        assertThat(chosen(job.looked(Some.look(101, WEB)))).isEqualTo("web-8000");
        assertThat(job.looked(Some.look(101)).chosen()).isEmpty();
    }

    @Test
    void stop_start_and_restart_ask_for_nothing_but_what_makes_sense() {
        assertThat(request(three, "s")).contains(new Request(Deed.STOP, "web-8000", "token of web-8000"));
        assertThat(request(three, "r")).contains(new Request(Deed.RESTART, "web-8000", "token of web-8000"));
        assertThat(request(three, "S")).isEmpty();
        assertThat(message(press(three, "S"))).isEqualTo("web-8000 runs already; r starts it anew");
        assertThat(request(press(three, "j"), "S")).contains(new Request(Deed.START, "job", "token of job"));
        assertThat(request(press(three, "j"), "s")).isEmpty();
        assertThat(message(press(three, "jx"))).isEqualTo("job does not run; S starts it");
    }

    @Test
    void kill_and_delete_ask_first_and_only_y_means_yes() {
        Model asking = press(three, "x");

        assertThat(asking.question()).contains(new Request(Deed.KILL, "web-8000", "token of web-8000"));
        assertThat(request(three, "x")).isEmpty();
        assertThat(request(asking, "y")).isEqualTo(asking.question());
        for (Key key : List.of(Key.of('n'), Key.of('x'), Special.ENTER, Special.ESCAPE)) {
            Step step = asking.press(key);
            assertThat(step.request()).isEmpty();
            assertThat(step.model().question()).isEmpty();
        }
        assertThat(request(press(three, "d"), "Y")).contains(new Request(Deed.DELETE, "web-8000", "token of web-8000"));
    }

    @Test
    void a_question_about_a_service_that_is_gone_meanwhile_or_another_now_is_taken_back() {
        Model asking = press(three, "d");
        Row anew = new Row(
                WEB.name(),
                "another token",
                WEB.id(),
                WEB.status(),
                WEB.pid(),
                WEB.port(),
                WEB.cpu(),
                WEB.memory(),
                WEB.uptime(),
                0,
                "");

        for (Look look : List.of(Some.look(101, JOB), Some.look(101, anew, JOB))) {
            Model model = asking.looked(look);
            assertThat(model.question()).isEmpty();
            assertThat(message(model)).isEqualTo("web-8000 is gone");
        }
    }

    @Test
    void a_service_to_which_something_is_being_done_is_left_alone_until_that_is_done() {
        Step step = three.press(Key.of('s'));
        Model stopping = step.model();

        assertThat(message(stopping)).isEqualTo("stopping web-8000…");
        assertThat(request(stopping, "r")).isEmpty();
        assertThat(message(press(stopping, "r"))).isEqualTo("stopping web-8000 is still under way");
        assertThat(request(press(stopping, "jj"), "r")).isPresent();
        Model done = stopping.done(step.request().orElseThrow(), new Message("web-8000 stopped", false));
        assertThat(message(done)).isEqualTo("web-8000 stopped");
        assertThat(request(done, "r")).isPresent();
    }

    @Test
    void nothing_is_done_to_a_service_that_cannot_be_read() {
        Model model = Model.first(new Size(24, 80), "/tsm").looked(Some.look(1, Some.unreadable("broken")));

        for (String key : List.of("s", "S", "r", "x", "d")) {
            assertThat(request(model, key)).isEmpty();
            assertThat(message(press(model, key)))
                    .isEqualTo("broken cannot be read: there is no meta.json (/run/broken/meta.json)");
        }
    }

    @Test
    void a_message_goes_away_by_itself_and_an_error_stays_longer() {
        Request request = new Request(Deed.STOP, "web-8000", "token of web-8000");
        Model told = three.done(request, new Message("fine", false));
        Model failed = three.done(request, new Message("not fine", true));

        assertThat(told.looked(Some.look(103, WEB)).message()).isPresent();
        assertThat(told.looked(Some.look(104, WEB)).message()).isEmpty();
        assertThat(failed.looked(Some.look(109, WEB)).message()).isPresent();
        assertThat(failed.looked(Some.look(110, WEB)).message()).isEmpty();
    }

    @Test
    void the_filter_takes_what_is_typed_also_what_is_a_key_elsewhere() {
        Model filtered = press(three, "/Q");
        assertThat(filtered.isOver()).isFalse();
        assertThat(filtered.listed()).isEmpty();
        assertThat(press(filtered, Special.BACKSPACE).listed()).hasSize(3);

        Model nine = press(press(three, "/9000"), Special.ENTER);
        assertThat(names(nine)).containsExactly("api-9000");
        assertThat(chosen(nine)).isEqualTo("api-9000");
        assertThat(request(nine, "s")).contains(new Request(Deed.STOP, "api-9000", "token of api-9000"));
        assertThat(names(press(nine, Special.ESCAPE))).hasSize(3);
        assertThat(names(press(three, "/WEB"))).containsExactly("web-8000");
    }

    @Test
    void o_sorts_by_each_column_in_turn_and_keeps_the_choice() {
        Model byName = press(press(three, "j"), "o");

        assertThat(byName.choice().order()).isEqualTo(Order.NAME);
        assertThat(names(byName)).containsExactly("api-9000", "job", "web-8000");
        assertThat(chosen(byName)).isEqualTo("job");
        Model byCpu = press(byName, "oooo");
        assertThat(byCpu.choice().order()).isEqualTo(Order.CPU);
        assertThat(names(byCpu)).containsExactly("api-9000", "web-8000", "job");
        assertThat(press(three, "ooooooooo").choice().order()).isEqualTo(Order.ID);
    }

    @Test
    void a_pause_keeps_what_was_seen_and_time_goes_on() {
        Model paused = press(three, "s ");

        Model later = paused.looked(Some.look(109, JOB));
        assertThat(names(later)).hasSize(3);
        assertThat(later.message()).isEmpty();
        assertThat(names(press(later, " ").looked(Some.look(110, JOB)))).containsExactly("job");
    }

    @Test
    void the_log_is_followed_until_one_scrolls_and_then_stands_still() {
        Model log = press(three, "l").logged(Some.log("web-8000", 100, 100));
        assertThat(log.mode()).isEqualTo(Mode.LOG);
        assertThat(log.below()).isZero();

        Model up = press(log, "kk");
        assertThat(up.below()).isEqualTo(2);
        assertThat(up.logged(Some.log("web-8000", 100, 105)).below()).isEqualTo(7);
        assertThat(press(up, Special.END).below()).isZero();
        assertThat(press(log, Special.HOME).below()).isEqualTo(99);
        assertThat(press(up, Special.ESCAPE).mode()).isEqualTo(Mode.TABLE);
        assertThat(chosen(up)).isEqualTo("web-8000");
        assertThat(up.logged(Some.log("job", 5, 5)).below()).isZero();
    }

    @Test
    void q_and_control_c_quit_from_everywhere() {
        for (String way : List.of("", "?", "l")) {
            assertThat(press(press(three, way), "q").isOver()).isTrue();
        }
        for (String way : List.of("", "?", "l", "/q", "x")) {
            Model model = press(three, way);
            assertThat(model.isOver()).isFalse();
            assertThat(press(model, Special.INTERRUPT).isOver()).isTrue();
        }
    }

    @Test
    void the_chosen_one_is_always_in_sight() {
        List<Row> rows = new java.util.ArrayList<>();
        for (int i = 0; i < 100; i++) {
            rows.add(Some.row(i, "s" + i, Status.ONLINE));
        }
        Model model = Model.first(new Size(24, 80), "/tsm").looked(Some.look(1, rows));

        Model last = press(model, Special.END);
        assertThat(last.top()).isEqualTo(100 - Layout.of(24, 100, Mode.TABLE).table());
        assertThat(last.resized(new Size(10, 80)).top())
                .isEqualTo(100 - Layout.of(10, 100, Mode.TABLE).table());
        assertThat(press(last, "k").top()).isEqualTo(last.top());
        assertThat(press(last, Special.HOME).top()).isZero();
    }

    private static Model press(Model model, String keys) {
        Model pressed = model;
        for (int i = 0; i < keys.length(); i++) {
            pressed = pressed.press(Key.of(keys.charAt(i))).model();
        }
        return pressed;
    }

    private static Model press(Model model, Key... keys) {
        Model pressed = model;
        for (Key key : keys) {
            pressed = pressed.press(key).model();
        }
        return pressed;
    }

    private static Optional<Request> request(Model model, String key) {
        return model.press(Key.of(key.charAt(0))).request();
    }

    private static String chosen(Model model) {
        return model.chosen().orElseThrow().name();
    }

    private static String message(Model model) {
        return model.message().orElseThrow().text();
    }

    private static List<String> names(Model model) {
        return model.listed().stream().map(Row::name).toList();
    }
}
