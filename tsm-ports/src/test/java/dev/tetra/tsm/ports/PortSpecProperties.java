package dev.tetra.tsm.ports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class PortSpecProperties {

    @Property
    void whatIsPrintedParsesToTheSame(@ForAll("specs") PortSpec spec) {
        assertThat(PortSpec.parse(spec.toString())).isEqualTo(spec);
    }

    @Property
    void anyNumberIsAPortInRangeOrRefused(@ForAll int number) {
        Throwable refused = catchThrowable(() -> PortSpec.parse(Integer.toString(number)));
        assertThat(refused == null).isEqualTo(number >= 1 && number <= 65535);
    }

    @Property
    void anyTextIsReadOrRefusedInOneSentence(@ForAll String text) {
        Throwable refused = catchThrowable(() -> PortSpec.parse(text));
        if (refused != null) {
            assertThat(refused).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Provide
    Arbitrary<PortSpec> specs() {
        Arbitrary<Integer> ports = Arbitraries.integers().between(1, 65535);
        return Arbitraries.oneOf(
                ports.map(PortSpec.Exact::new),
                ports.map(PortSpec.AtLeast::new),
                Arbitraries.just(new PortSpec.None()));
    }

    @Property
    void leadingZerosDoNotChangeThePort(@ForAll @IntRange(min = 1, max = 65535) int port) {
        assertThat(PortSpec.parse("00" + port)).isEqualTo(new PortSpec.Exact(port));
    }
}
