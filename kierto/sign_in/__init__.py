"""How people come in: links and codes by mail or SMS, single sign-on, paper passes; their sessions."""
