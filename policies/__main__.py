"""The policy pack as a directory: `pulumi preview --policy-pack policies`."""

from timestream_policies.crossguard import main

if __name__ == "__main__":
    main()
