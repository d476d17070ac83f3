# Writes 2,000,000 numbered lines of 100 bytes, a thousand at a time, about as fast as a program can that makes its lines.
my $lines = join '', map { sprintf "NNNNNNN%03d %s\n", $_, 'x' x 88 } 0 .. 999;
for my $thousand (0 .. 1999) {
    my $number = sprintf '%07d', $thousand;
    (my $block = $lines) =~ s/NNNNNNN/$number/g;
    syswrite(STDOUT, $block) == length $block or die "not all was written: $!\n";
}
