package dev.tetra.tsm.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.jspecify.annotations.Nullable;

class ProcessTableProperties {
    private static ProcessTable.@Nullable Entry parse(byte[] line) {
        return ProcessTable.parseStat(line, line.length);
    }

    private static byte[] line(String name, long pid, long parent, long ticks) {
        return (pid + " (" + name + ") S " + parent + " " + pid + " 7 0 5 4194304 100 0 0 0 30 12 0 0 20 0 1 0 " + ticks
                        + " 1000 200 18446744073709551615 0 0\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    @Property
    void aLineIsReadWhateverTheNameIs(
            @ForAll("names") String name,
            @ForAll @LongRange(min = 1, max = 4_194_304) long pid,
            @ForAll @LongRange(min = 0, max = 4_194_304) long parent,
            @ForAll @LongRange(min = 0) long ticks) {
        ProcessTable.Entry entry = parse(line(name, pid, parent, ticks));
        Objects.requireNonNull(entry, "entry");
        assertThat(entry.pid()).isEqualTo(pid);
        assertThat(entry.parent()).isEqualTo(parent);
        assertThat(entry.group()).isEqualTo(pid);
        assertThat(entry.session()).isEqualTo(7);
        assertThat(entry.startTicks()).isEqualTo(ticks);
        assertThat(entry.state()).isEqualTo('S');
    }

    @Property
    void aLineCutAnywhereIsReadOrNothing(
            @ForAll("names") String name, @ForAll @LongRange(min = 1, max = 99999) long pid) {
        byte[] whole = line(name, pid, 1, 12345);
        for (int length = 0; length <= whole.length; length++) {
            ProcessTable.Entry entry = ProcessTable.parseStat(whole, length);
            assertThat(entry == null || entry.pid() == pid).isTrue();
        }
    }

    @Property
    void anyBytesAreALineOrNothing(@ForAll byte[] bytes) {
        parse(bytes);
        parse(Arrays.copyOf(bytes, 512));
    }

    @Example
    void thisProcessIsThereWithTheIdentityThatTheWrapperWouldWrite() {
        ProcessTable table = ProcessTable.system();
        long self = ProcessHandle.current().pid();
        assertThat(table.identify(self)).isPresent();
        assertThat(table.isAlive(table.identify(self).orElseThrow())).isTrue();
        assertThat(table.identify(4_194_305)).isEmpty();
        String stat = new String(line("a b", 12, 1, 99), StandardCharsets.UTF_8);
        assertThat(ServiceDirectory.parseProcess("boot\n" + stat).orElseThrow())
                .isEqualTo(new dev.tetra.tsm.core.ProcessIdentity("boot", 12, 99));
        for (String half :
                new String[] {"", "boot", "boot\n", "boot\n" + stat.substring(0, 9), "boot\n" + stat.trim()}) {
            assertThat(ServiceDirectory.parseProcess(half)).isEqualTo(Optional.empty());
        }
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.strings().withChars("ab ()\n\t0é)").ofMaxLength(15);
    }
}
