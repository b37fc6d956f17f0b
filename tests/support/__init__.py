"""What several tests share: servers, fakes, and the rules of the test run itself."""
