package org.audienceactivation.sample;

import java.util.Arrays;
import java.util.List;

/**
 * Names and places of one language and script. Whoever is called what follows from chance; no
 * combination means a person.
 */
record Culture(
    String country,
    PhoneRange phones,
    List<Name> firstNames,
    List<Name> lastNames,
    List<String> cities) {

  /**
   * @param latin for e-mail addresses: lower-case ASCII
   */
  record Name(String text, String latin) {}

  static final List<Culture> ALL =
      List.of(
          culture(
              "GB",
              PhoneRange.BRITISH,
              "Amelia=amelia Oliver=oliver Zoë=zoe Harry=harry Imogen=imogen Callum=callum",
              "Smith=smith O'Hara=ohara Whitfield=whitfield Ashdown-Pryce=ashdown.pryce Lane=lane",
              "London",
              "Leeds",
              "Stoke-on-Trent"),
          culture(
              "US",
              PhoneRange.NORTH_AMERICAN,
              "Jordan=jordan Casey=casey Dakota=dakota Riley=riley Mason=mason Harper=harper",
              "Miller=miller Brooks=brooks Nguyen=nguyen Washington=washington Diaz=diaz",
              "Duluth",
              "Coeur d'Alene",
              "Santa Fe"),
          culture(
              "FR",
              PhoneRange.FRENCH,
              "Inès=ines Chloé=chloe Loïc=loic Maëlle=maelle François=francois Noël=noel",
              "Lefèvre=lefevre Moreau=moreau L'Hôte=lhote Gauthier=gauthier Béranger=beranger",
              "Besançon",
              "Nîmes",
              "L'Haÿ-les-Roses"),
          culture(
              "DE",
              PhoneRange.GERMAN,
              "Jürgen=juergen Käthe=kaethe Sören=soeren Anneliese=anneliese Jörg=joerg",
              "Müller=mueller Groß=gross Schäfer=schaefer Weiß=weiss Möller=moeller",
              "Köln",
              "Gießen",
              "Würzburg"),
          culture(
              "SE",
              PhoneRange.SWEDISH,
              "Åsa=asa Björn=bjorn Linnéa=linnea Göran=goran Maja=maja",
              "Åkesson=akesson Lindström=lindstrom Öberg=oberg Sjögren=sjogren",
              "Malmö",
              "Örebro",
              "Växjö"),
          culture(
              "ES",
              PhoneRange.NORTH_AMERICAN,
              "Íñigo=inigo Begoña=begona José=jose Martín=martin Lucía=lucia",
              "Muñoz=munoz Ibáñez=ibanez García=garcia Peña=pena Núñez=nunez",
              "A Coruña",
              "Cádiz",
              "L'Hospitalet"),
          culture(
              "PL",
              PhoneRange.BRITISH,
              "Łukasz=lukasz Małgorzata=malgorzata Żaneta=zaneta Święcisław=swiecislaw",
              "Wójcik=wojcik Dąbrowska=dabrowska Źrebiec=zrebiec Gołąb=golab",
              "Łódź",
              "Gdańsk",
              "Rzeszów"),
          culture(
              "TR",
              PhoneRange.GERMAN,
              // the dotted and the dotless i: lower-casing by the machine's language breaks here
              "İpek=ipek Işıl=isil Çağla=cagla Gökhan=gokhan Şule=sule",
              "Yılmaz=yilmaz Öztürk=ozturk Şahin=sahin Ağaoğlu=agaoglu",
              "İzmir",
              "Iğdır",
              "Diyarbakır"),
          culture(
              "GR",
              PhoneRange.SWEDISH,
              "Ελένη=eleni Γιώργος=giorgos Δέσποινα=despoina Νίκος=nikos",
              "Παπαδάκης=papadakis Οικονόμου=oikonomou Αγγελή=angeli",
              "Θεσσαλονίκη",
              "Χανιά"),
          culture(
              "UA",
              PhoneRange.GERMAN,
              "Олена=olena Тарас=taras Ґанна=hanna Юрій=yurii Марія=mariia",
              "Шевчук=shevchuk Ковалів=kovaliv Їжакевич=yizhakevych Бондар=bondar",
              "Львів",
              "Чернівці"),
          culture(
              "EG",
              PhoneRange.FRENCH,
              "فاطمة=fatima يوسف=youssef ليلى=layla عمر=omar",
              "حداد=haddad الشريف=elsherif منصور=mansour",
              "القاهرة",
              "الإسكندرية"),
          culture(
              "IL",
              PhoneRange.NORTH_AMERICAN,
              "נועה=noa איתן=eitan תמר=tamar",
              "לוי=levi אברהמי=avrahami שדה=sadeh",
              "חיפה",
              "באר שבע"),
          culture(
              "IN",
              PhoneRange.BRITISH,
              "प्रिया=priya अर्जुन=arjun लक्ष्मी=lakshmi रोहन=rohan",
              "शर्मा=sharma चतुर्वेदी=chaturvedi मिश्रा=mishra",
              "वाराणसी",
              "मुंबई"),
          culture(
              "TH",
              PhoneRange.SWEDISH,
              "สมชาย=somchai มาลี=malee กานดา=kanda",
              "ใจดี=jaidee ศรีสุข=srisuk",
              "เชียงใหม่",
              "ภูเก็ต"),
          culture(
              "JP",
              PhoneRange.NORTH_AMERICAN,
              // the last of them is written outside the basic plane
              "さくら=sakura 翔太=shota 美咲=misaki 𠮷乃=yoshino",
              "佐藤=sato 渡邊=watanabe 髙橋=takahashi",
              "札幌市",
              "福岡市"),
          culture(
              "KR",
              PhoneRange.NORTH_AMERICAN,
              "서연=seoyeon 민준=minjun 하은=haeun",
              "김=kim 박=park 최=choi",
              "부산광역시",
              "전주시"),
          culture(
              "CN",
              PhoneRange.FRENCH,
              "婷婷=tingting 伟=wei 晓明=xiaoming",
              "欧阳=ouyang 王=wang 李=li",
              "成都市",
              "乌鲁木齐市"),
          culture(
              "VN",
              PhoneRange.FRENCH,
              "Thảo=thao Đức=duc Hương=huong Tuấn=tuan",
              "Nguyễn=nguyen Phạm=pham Đặng=dang",
              "Đà Nẵng",
              "Huế"),
          culture(
              "NG",
              PhoneRange.BRITISH,
              "Adéọlá=adeola Chidi=chidi Ẹniọlá=eniola Ngozi=ngozi",
              "Okafor=okafor Adébáyọ̀=adebayo Eze=eze",
              "Ìbàdàn",
              "Lagos"));

  private static Culture culture(
      String country, PhoneRange phones, String firstNames, String lastNames, String... cities) {
    return new Culture(country, phones, names(firstNames), names(lastNames), List.of(cities));
  }

  private static List<Name> names(String list) {
    return Arrays.stream(list.split(" ")).map(Culture::name).toList();
  }

  private static Name name(String textAndLatin) {
    int equals = textAndLatin.indexOf('=');
    return new Name(textAndLatin.substring(0, equals), textAndLatin.substring(equals + 1));
  }
}
